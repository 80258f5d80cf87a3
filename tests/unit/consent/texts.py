"""Every text the consent documents make: for each state and none, each capacity, heard here or elsewhere."""

import hashlib
from collections.abc import Iterator

from holdspace.consent.document import Around, Text, text_of
from holdspace.consent.law import state_of, states
from holdspace.consent.rules import ASSENT, GUARDIAN, SELF

HOST = "speech.example.org"


def every_text(purpose: str) -> Iterator[Text]:
    """All there are, in one order."""
    for code in ("", *sorted(states())):
        for host in ("", HOST):
            for capacity in (SELF, GUARDIAN, ASSENT):
                yield text_of(purpose, capacity, Around("Harbor Counseling", state_of(code), host=host))


def fingerprint(purpose: str) -> str:
    """One SHA-256 over all of them."""
    return hashlib.sha256("".join(text.sha256 for text in every_text(purpose)).encode()).hexdigest()
