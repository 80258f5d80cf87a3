"""Decisions about people, and about who comes in, on plain values."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

LONGEST_NAME = 120
TRIAL = -1
"""The practice in which `holdspace prove` tries its promises, while it does. Its people have numbers below zero."""
TRIES_BEFORE_PAUSE = 5
LONGEST_PAUSE_S = 15 * 60
LONGEST_PAUSE_OF_A_CODE_S = 24 * 3600
"""Six digits can be guessed: seventeen wrong ones, then one a day. Passkeys and recovery codes go on meanwhile."""
MOST_TRIES_OF_A_CODE = 100
"""Then an app's codes open nothing until she came in another way (NIST SP 800-63B-4, 3.2.2)."""

LEAST_IDLE_MINUTES, USUAL_IDLE_MINUTES, MOST_IDLE_MINUTES = 5, 15, 60
"""NIST SP 800-63B-4, 2.2.3: no more than an hour; 45 CFR 164.312(a)(2)(iii), automatic logoff."""
LIFETIME = timedelta(hours=12)
"""After this all of who she is is proved again, whatever she does (2.2.3: no more than 24 hours)."""
FORGOTTEN = timedelta(hours=24)
"""After this nothing is left of a sign-in nobody came back to."""
FRESH = timedelta(minutes=5)
"""How long a proof of all of who she is counts for what is sensitive."""
COMING_IN = timedelta(minutes=10)
"""How long a right password waits for its second factor."""
CODE_DAYS = 3
"""How long a joining code can be used."""
EMERGENCY = timedelta(hours=1)
SHORTEST_REASON = 20

PRODUCT = "Holdspace"
SHORTEST_KNOWN, LEAST_OF_ITS_OWN = 2, 8
"""Letters of the shortest word that is taken out of a password, and those that must be left of it then."""

TREATING = ("owner", "clinician", "supervisor")
"""Roles of those who could treat, and so may open a record in an emergency."""

_BROWSERS = (
    ("Edg", "Edge"),
    ("Firefox|FxiOS", "Firefox"),
    ("OPR", "Opera"),
    ("Chrome|CriOS|Chromium", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "an iPhone"),
    ("iPad", "an iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "a Mac"),
    ("CrOS", "a Chromebook"),
    ("Linux", "Linux"),
)


def pause_s(failed_tries: int, longest_s: int = LONGEST_PAUSE_S) -> int:
    """Seconds a door rests after this many failed tries in a row: none, then doubling (NIST SP 800-63B-4, 3.2.2)."""
    if failed_tries < TRIES_BEFORE_PAUSE:
        return 0
    return int(min(longest_s, 30 * 2 ** min(failed_tries - TRIES_BEFORE_PAUSE, 32)))


def leans_on(password: str, known: Iterable[str]) -> bool:
    """Whether little is left of a password without words that anybody near would try: names, the practice's, ours."""
    left = password.casefold()
    words = {word for text in (*known, PRODUCT) for word in re.findall(r"\w+", text.casefold())}
    for word in sorted(words, key=len, reverse=True):
        if len(word) >= SHORTEST_KNOWN:
            left = left.replace(word, "")
    return len(left) < LEAST_OF_ITS_OWN


def matches(name: str, words: str) -> bool:
    """Whether every word searched for begins a word of the name, whatever the capitals."""
    parts = name.casefold().split()
    return all(any(part.startswith(word) for part in parts) for word in words.casefold().split())


def is_same_name(name: str, typed: str) -> bool:
    """Whether the whole name was typed, in any order and with any capitals."""
    return sorted(name.casefold().split()) == sorted(typed.casefold().split()) != []


def browser_words(user_agent: str) -> str:
    """What a browser says it is, in the words of a person: "Firefox on Windows"."""
    name = next((words for sign, words in _BROWSERS if re.search(sign, user_agent)), "")
    system = next((words for sign, words in _SYSTEMS if re.search(sign, user_agent)), "")
    return " on ".join(part for part in (name or "A browser", system) if part)


def needs_second_factor(*, people: int, all_need_it: bool) -> bool:
    """Where more than one person works somebody else's password opens her clients' records too."""
    return all_need_it or people > 1


def is_idle(seen_at: datetime, idle_minutes: int, now: datetime) -> bool:
    """Whether nobody did anything for so long that the screen locks itself."""
    return now - seen_at >= timedelta(minutes=idle_minutes)


def needs_all(proven_at: datetime, now: datetime) -> bool:
    """Whether she proves all of who she is to come back, not one thing."""
    return now - proven_at >= LIFETIME


def is_forgotten(proven_at: datetime, now: datetime) -> bool:
    """Whether a sign-in is over for good."""
    return now - proven_at >= FORGOTTEN


def is_fresh(proven_at: datetime, now: datetime) -> bool:
    """Whether she proved who she is a moment ago."""
    return timedelta(0) <= now - proven_at < FRESH
