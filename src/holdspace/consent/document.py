"""The documents: plain words from documents/*.toml, what the state's law adds, and the practice's own words below.

A text is made anew each time from the same parts; what somebody signs is kept as it stood, with its SHA-256.
"""

import hashlib
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from holdspace.consent.law import State
from holdspace.consent.rules import ASSENT, GUARDIAN, PART2, SELF, Version

CLIENT_ONLY = "client"


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its paragraphs."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Text:
    """A document as it is shown and signed."""

    purpose: str
    title: str
    version: Version
    parts: tuple[Part, ...]

    @property
    def plain(self) -> str:
        """All of it as one string: what is kept, hashed and read back."""
        return "\n\n".join(
            [self.title, *("\n".join((part.heading, *part.paragraphs)) for part in self.parts)]
        )

    @property
    def sha256(self) -> str:
        """The fingerprint of exactly these words."""
        return hashlib.sha256(self.plain.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Around:
    """What a text depends on. `own` is what the practice adds.

    `host` hears instead of this system, `words_host` is asked to word sentences; either may be empty. `is_minor`: the
    client is under age, which says who signs a consent under 42 CFR Part 2.
    """

    practice: str
    state: State
    host: str = ""
    words_host: str = ""
    own: str = ""
    own_version: int = 0
    is_minor: bool = False

    @property
    def where(self) -> str:
        """Where anything goes, as it is kept with an answer: another place is asked about anew."""
        return f"{self.host} words: {self.words_host}".strip() if self.words_host else self.host


def text_of(purpose: str, capacity: str, around: Around) -> Text:
    """The document for whoever answers in that capacity."""
    told = told_of(purpose)
    parts = [Part(_filled(part["heading"], around), _paragraphs(part, around)) for part in told["parts"]]
    if purpose == PART2 and around.is_minor:
        parts.append(Part("Who says yes", _who_shares(capacity, around.state)))
    elif capacity in (GUARDIAN, ASSENT):
        parts.append(_young(capacity, around.state))
    if law := tuple(filter(None, (around.state.says(topic) for topic in told["state"]["about"]))):
        parts.append(Part("What the law says", law))
    if around.own.strip():
        parts.append(Part(f"{around.practice} adds", tuple(_own_lines(around.own))))
    return Text(purpose, told["title"], Version(told["version"], around.own_version), tuple(parts))


def short_title(purpose: str) -> str:
    """What the document is called in a list."""
    return str(told_of(purpose)["short"])


def is_for_client_only(purpose: str) -> bool:
    """Whether the client alone is asked, not everyone in the room."""
    return bool(told_of(purpose)["who"] == CLIENT_ONLY)


def asks_again_since(purpose: str) -> int:
    """The last version of ours that differs in something that matters to who signed an earlier one."""
    return int(told_of(purpose)["asks_again_since"])


@cache
def told_of(purpose: str) -> dict[str, Any]:
    """A document's file."""
    path = files("holdspace.consent.documents").joinpath(f"{purpose}.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _paragraphs(part: dict[str, Any], around: Around) -> tuple[str, ...]:
    where = part.get("elsewhere" if around.host else "here_hearing" if around.words_host else "here", "")
    worded = part.get("worded", "") if around.words_host else ""
    after = part.get("after", "")
    return tuple(_filled(words, around) for words in (*part["text"], where, worded, after) if words)


def _filled(words: str, around: Around) -> str:
    hosts = words.replace("{host}", around.host).replace("{words_host}", around.words_host)
    return hosts.replace("{practice}", around.practice)


def _young(capacity: str, state: State) -> Part:
    law = f" ({state.minor_law})" if state.minor_law else ""
    if capacity == ASSENT:
        words = (
            "You are asked too, next to your parent or guardian. It starts only if you both say yes. "
            "Your no counts."
        )
    else:
        words = (
            "You answer for a person under 18, as a parent or guardian who may decide on care. "
            f"From the age of {state.assent_from}{law} the young person is asked too, and may say no."
        )
    return Part("For a young person", (words,))


def _who_shares(capacity: str, state: State) -> tuple[str, ...]:
    """Why this person signs (42 CFR 2.14)."""
    if capacity == SELF:
        words = (
            "So you alone say yes or no, and no one can sign for you (42 CFR 2.14(a)). We do not ask your parent or "
            "guardian. We tell them nothing without your yes, unless a life is in danger."
        )
    elif capacity == ASSENT:
        words = (
            "You and your parent or guardian both have to say yes (42 CFR 2.14(b)). You go first. If you say yes, we "
            "ask them next, and so they learn of this care (42 CFR 2.14(b)(2)(i)). If you say no, we do not ask them, "
            "and it stays a no."
        )
    else:
        words = (
            "You and the young person both have to say yes (42 CFR 2.14(b)). They have said yes. Your yes counts only "
            "as long as theirs does. Where this page says your care, it means theirs."
        )
    return (state.on_young_people, words)


def _own_lines(own: str) -> Iterator[str]:
    return (line.strip() for line in own.splitlines() if line.strip())
