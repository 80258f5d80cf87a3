"""Every text the consent documents make: for each state and none, capacity and age, heard here or elsewhere."""

import hashlib
from collections.abc import Iterator
from itertools import product

from holdspace.consent.document import Around, Text, text_of
from holdspace.consent.law import state_of, states
from holdspace.consent.rules import ASSENT, GUARDIAN, PART2, SELF, TRANSCRIPTION

HOST, WORDS_HOST = "speech.example.org", "models.example.org"


def every_text(purpose: str) -> Iterator[Text]:
    """All there are, in one order."""
    places = [("", ""), (HOST, "")]
    places += [("", WORDS_HOST), (HOST, WORDS_HOST)] if purpose == TRANSCRIPTION else []
    ages = (False, True) if purpose == PART2 else (False,)
    for code in ("", *sorted(states())):
        for host, words_host in places:
            for is_minor, capacity in product(ages, (SELF, GUARDIAN, ASSENT)):
                around = Around("Harbor Counseling", state_of(code), host, words_host, is_minor=is_minor)
                yield text_of(purpose, capacity, around)


def fingerprint(purpose: str) -> str:
    """One SHA-256 over all of them."""
    return hashlib.sha256("".join(text.sha256 for text in every_text(purpose)).encode()).hexdigest()
