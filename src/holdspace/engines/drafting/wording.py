"""What passes between wording and checking: a mention, the sentence proposed for it, and how much it
matters.
"""

import re
from dataclasses import dataclass

from holdspace.engines.drafting.mention import Kind, Mention
from holdspace.engines.drafting.person import Referent, referent
from holdspace.engines.drafting.session import SessionInput
from holdspace.engines.drafting.style import Style
from holdspace.engines.note import Sentence

_PRESCRIBING = re.compile(
    r"^(?:and |so |but )?(?:she|he|they)\b.{0,40}?\b(?:bumped|raised|increased|doubled|upped|lowered|halved"
    r"|cut|kept|stopped|switched|prescribed|started me|put me|gave me|offered|wanted (?:me|to)"
    r"|said (?:i|we|to)|took me off|told me)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """A mention weighed: `is_always` for what no note may lose, `salience` to rank the rest, `place` its
    order.
    """

    mention: Mention
    salience: float
    is_always: bool
    place: int = 0


@dataclass(frozen=True, slots=True)
class Proposed:
    """A choice with the sentence that would carry it."""

    choice: Chosen
    sentence: Sentence

    @property
    def mention(self) -> Mention:
        """What the sentence words."""
        return self.choice.mention


@dataclass(frozen=True, slots=True)
class Voice:
    """Everything wording needs to know: her style and how each person in the room is named."""

    style: Style
    client: Referent
    others: tuple[tuple[str, Referent], ...] = ()
    former_names: tuple[str, ...] = ()
    written: frozenset[str] = frozenset()
    """Figures as her jottings, the last note or the plan write them."""

    def of(self, speaker: str) -> Referent:
        """The referent of a speaker label; an unknown speaker is taken for the client."""
        return dict(self.others).get(speaker, self.client)


def voice_for(session: SessionInput, style: Style, former_names: tuple[str, ...] = ()) -> Voice:
    """Name the people of this session in this style; pronouns come from the record."""
    others = tuple(
        (person.role, referent(person, person.name.split()[0] if person.name else f"The {person.role}"))
        for person in session.participants
        if person.role not in ("client", "therapist")
    )
    record = " ".join([session.jottings, *known_words(session)])
    written = frozenset(re.findall(r"\d+", record.replace(",", "")))
    return Voice(style, referent(session.client, style.label), others, former_names, written)


def known_words(session: SessionInput) -> tuple[str, ...]:
    """Names the record itself supplies, so that using them needs no evidence from the session."""
    people = [session.client, session.clinician, *session.participants]
    plan = [text for goal in session.goals for text in (goal.text, *(o.text for o in goal.objectives))]
    return (*(f"{p.name} {p.role}" for p in people), *plan, session.prior_note, session.service.date)


def is_prescribing(mention: Mention) -> bool:
    """Whether an unnamed "she" or "he" did to the client's medication what only a prescriber does."""
    return mention.kind is Kind.MEDICATION and _PRESCRIBING.match(mention.said) is not None
