"""Decisions about people on plain values."""

LONGEST_NAME = 120
TRIES_BEFORE_PAUSE = 5
LONGEST_PAUSE_S = 15 * 60


def pause_s(failed_tries: int) -> int:
    """Seconds a sign-in name rests after this many failed tries in a row: none, then doubling (NIST SP 800-63B)."""
    if failed_tries < TRIES_BEFORE_PAUSE:
        return 0
    return int(min(LONGEST_PAUSE_S, 30 * 2 ** (failed_tries - TRIES_BEFORE_PAUSE)))


def matches(name: str, words: str) -> bool:
    """Whether every word searched for begins a word of the name, whatever the capitals."""
    parts = name.casefold().split()
    return all(any(part.startswith(word) for part in parts) for word in words.casefold().split())
