"""Sessions from `sessions.yaml`, and what a draft says in a form that two drafts can be compared in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from holdspace.engines.drafting.bias import flags_in
from holdspace.engines.drafting.format import load_format
from holdspace.engines.drafting.parser import Parser
from holdspace.engines.drafting.phrase import Phraser, TemplatePhraser
from holdspace.engines.drafting.session import Goal, Objective, Person, SessionInput
from holdspace.engines.drafting.story import draft
from holdspace.engines.drafting.style import learn
from holdspace.engines.note import Draft, Evidence
from holdspace.engines.transcript import Turn

HERE = Path(__file__).parent
SESSIONS = yaml.safe_load((HERE / "sessions.yaml").read_text(encoding="utf-8"))
PLACE = "…"
"""The line of a session where a test puts somebody's words."""
CLINICIAN = Person("therapist", "Dana Whitlock", credential="LCSW")
_SPEAKERS = {"T": "therapist", "C": "client", "P": "partner"}


def place_in(name: str) -> int:
    """The turn at which words are put into a session."""
    at: int = SESSIONS[name]["lines"].index(PLACE)
    return at


def given(name: str, put_in: str = "") -> SessionInput:
    """The session of that name, with a line "C: …" put in."""
    told = SESSIONS[name]
    lines = [put_in if line == PLACE else line for line in told["lines"]]
    partner = [told["partner"]] if "partner" in told else []
    return SessionInput(
        turns=turns(line for line in lines if line),
        clinician=CLINICIAN,
        client=Person("client", told["client"]["name"], told["client"]["pronouns"]),
        participants=tuple(Person("partner", p["name"], p["pronouns"]) for p in partner),
        goals=(Goal("G1", "", tuple(Objective(i, text) for i, text in told["goals"].items())),),
        jottings=told["jottings"],
    )


def turns(lines: Iterable[str]) -> tuple[Turn, ...]:
    """Turns from lines "T: …", numbered from 0."""
    parted = (line.split(": ", 1) for line in lines)
    return tuple(Turn(at, _SPEAKERS.get(who, who), said) for at, (who, said) in enumerate(parted))


def drafted(
    parser: Parser, session: SessionInput, phraser: Phraser | None = None, *, fmt: str = "SOAP"
) -> Draft:
    """The draft of a session in the voice of its signed notes; without a phraser made once, then remembered."""
    if phraser is None:
        return _by_rule(parser, session, fmt)
    style = learn(session.signed_notes, session.client)
    return draft(session, style, load_format(fmt), phraser, parser)


@cache
def _by_rule(parser: Parser, session: SessionInput, fmt: str) -> Draft:
    return drafted(parser, session, TemplatePhraser(parser), fmt=fmt)


@dataclass(frozen=True)
class Piece:
    """One thing a draft says, asks, leaves out or flags, and the words it stands on."""

    part: str
    place: str
    text: str
    evidence: tuple[Evidence, ...]

    @property
    def turns(self) -> set[int]:
        """The turns it stands on."""
        return {e.turn for e in self.evidence if e.turn is not None}


def pieces(made: Draft, turn: Callable[[int], int] = lambda at: at) -> list[Piece]:
    """Everything a draft holds, in order; `turn` counts its turns anew."""

    def moved(evidence: tuple[Evidence, ...]) -> tuple[Evidence, ...]:
        return tuple(Evidence(None if e.turn is None else turn(e.turn), e.quote) for e in evidence)

    said = [
        Piece("sentence", section.name, sentence.text, moved(sentence.evidence))
        for section in made.sections
        for sentence in section.sentences
    ]
    asked = [Piece("question", "", q.text, moved(q.evidence)) for q in made.questions]
    left = [
        Piece(
            "left out", f"{o.section}: {o.reason}", o.sentence.text if o.sentence else "", moved(o.evidence)
        )
        for o in made.left_out
    ]
    flagged = [
        Piece("flag", f["section"], f["term"], moved(_sentence(made, f["section"], f["sentence"])))
        for f in flags_in(made)
    ]
    return [*said, *asked, *left, *flagged]


def _sentence(made: Draft, section: str, at: int) -> tuple[Evidence, ...]:
    return next(s for s in made.sections if s.name == section).sentences[at].evidence


def sentences(made: Draft) -> list[str]:
    """The sentences of a draft, in order."""
    return [s.text for section in made.sections for s in section.sentences]
