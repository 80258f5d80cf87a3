"""What must be agreed to, by whom (Illinois Public Act 104-0054 §10, §15; all-party recording consent, everywhere)."""

TRANSCRIPTION = "transcription"
WORDING = "2026-11"
"""Version of the wording shown on the page: a consent is to those words."""

CLIENT = "client"


def participants(others: str) -> tuple[str, ...]:
    """Everyone in the room besides the clinician: the client, then each `role: name` line's role."""
    roles = [line.partition(":")[0].strip() for line in others.splitlines() if line.strip()]
    return (CLIENT, *roles)


def missing(needed: tuple[str, ...], given: frozenset[str]) -> tuple[str, ...]:
    """Who has not agreed yet, in the order of the room."""
    return tuple(who for who in needed if who not in given)
