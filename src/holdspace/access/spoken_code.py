"""Codes that are read aloud and typed on a phone: the way in without an account, to one session and for a while."""

import secrets

CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 8
"""39 bits, no letters that look alike; whoever guesses is slowed down (access.throttle)."""


def new_code() -> str:
    """A code nobody can guess."""
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def plain_code(typed: str) -> str:
    """A code as it was made, from how somebody types it."""
    return "".join(letter for letter in typed.upper() if letter in CODE_LETTERS)


def as_read(code: str) -> str:
    """A code as it is read aloud: in two halves."""
    return f"{code[: CODE_LENGTH // 2]} {code[CODE_LENGTH // 2 :]}"
