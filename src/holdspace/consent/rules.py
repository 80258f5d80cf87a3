"""Who is asked, what an answer means, and when it still holds (Illinois Public Act 104-0054 §10, §15).

Everyone in the room says yes on their own, everywhere: the strictest recording law is the rule of the house.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

TRANSCRIPTION, TELEHEALTH, PART2 = "transcription", "telehealth", "part2"
PURPOSES = (TRANSCRIPTION, TELEHEALTH, PART2)

YES, NO, NOT_TODAY = "yes", "no", "not today"
ANSWERS = (YES, NO, NOT_TODAY)

SELF, GUARDIAN, ASSENT = "self", "guardian", "assent"
"""In which capacity somebody answers: for themself, for a minor, or as the minor beside the guardian."""

CLIENT = "client"
ADULT = 18
MOST_DIGITS = 9
"""Of a version's numbers."""
LEAST_NAME = 2
"""Letters a typed name has at least."""
INVITED_FOR = timedelta(hours=12)
"""How long a code lets people answer and take back on their own phone: the session, and the evening after."""


@dataclass(frozen=True, slots=True)
class Person:
    """Someone in the room. `key` tells them from everyone else, `role` is the word for them ("partner", "child 2")."""

    key: str
    role: str
    name: str
    born: date | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A document's version: our text's number, and the number of the practice's own words below it."""

    ours: int
    own: int

    @classmethod
    def read(cls, written: str) -> "Version":
        """From how it is kept; what was agreed to before documents had versions is older than all."""
        ours, _, own = written.partition(".")
        is_one = all(part.isdecimal() and len(part) <= MOST_DIGITS for part in (ours, own))
        return cls(int(ours), int(own)) if is_one else cls(0, 0)

    def __str__(self) -> str:
        return f"{self.ours}.{self.own}"

    def is_as_new_as(self, least: "Version") -> bool:
        """Whether nothing that matters has changed since: neither our text nor the practice's words."""
        return self.ours >= least.ours and self.own >= least.own


@dataclass(frozen=True, slots=True)
class Answered:
    """One answer as it stands in the record."""

    consent_id: int
    who: str
    capacity: str
    answer: str
    at: datetime
    revoked_at: datetime | None
    session_id: int
    is_current: bool
    """Whether the text signed is the text of now, or differs in nothing that matters."""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one person stands, in one capacity. Without `answered` they were not asked, or what they said is over."""

    person: Person
    capacity: str
    answered: Answered | None

    @property
    def label(self) -> str:
        """Who it is, by role and without a name: `client`, `guardian of child`."""
        return f"guardian of {self.person.role}" if self.capacity == GUARDIAN else self.person.role

    @property
    def is_given(self) -> bool:
        """Whether a yes holds now."""
        found = self.answered
        return bool(found and found.answer == YES and not found.revoked_at and found.is_current)

    @property
    def is_declined(self) -> bool:
        """Whether they said no, not today, or took their yes back: nobody should ask again today."""
        found = self.answered
        return bool(found and (found.answer != YES or found.revoked_at))

    @property
    def is_outdated(self) -> bool:
        """Whether they said yes to a text that has changed since, so that they are asked again."""
        return self.answered is not None and not self.is_given and not self.is_declined


def participants(others: str) -> tuple[str, ...]:
    """Everyone in the room besides the clinician: the client, then each `role: name` line's role."""
    return (CLIENT, *(role for role, _ in _lines(others)))


def people(name: str, born: date | None, others: str, births: Mapping[str, date]) -> tuple[Person, ...]:
    """Everyone in the room besides the clinician, the client first. `births` are of the others, by key."""
    found = [Person(CLIENT, CLIENT, name, born)]
    counts: dict[str, int] = {}
    for role, other in _lines(others):
        counts[role] = counts.get(role, 0) + 1
        key = f"{role}: {other}"
        label = role if counts[role] == 1 else f"{role} {counts[role]}"
        found.append(Person(key, label, other, births.get(key)))
    return tuple(found)


def capacities(born: date | None, assent_from: int, today: date) -> tuple[str, ...]:
    """Who answers for somebody born then: themself, or a guardian, with the minor's own yes from the state's age on."""
    if born is None or not is_minor(born, today):
        return (SELF,)
    return (GUARDIAN, ASSENT) if age(born, today) >= assent_from else (GUARDIAN,)


def capacities_part2(born: date | None, alone_from: int, today: date) -> tuple[str, ...]:
    """Who signs a consent to share records that 42 CFR Part 2 guards; never a guardian in a minor's place (§ 2.14).

    From the age at which the state lets a minor get the care alone, the minor and nobody else (a). Below it, and where
    that is not known, both, the minor first: a guardian learns of it only by the minor's yes (b)(1), (b)(2)(i).
    """
    is_alone = born is None or age(born, today) >= min(alone_from, ADULT)
    return (SELF,) if is_alone else (ASSENT, GUARDIAN)


def is_minor(born: date | None, today: date) -> bool:
    """Whether somebody born then is under age; who was born when nobody knows counts as an adult."""
    return born is not None and age(born, today) < ADULT


def is_invited(made_at: datetime, now: datetime) -> bool:
    """Whether a code made then still opens."""
    return now - made_at < INVITED_FOR


def age(born: date, today: date) -> int:
    """Whole years."""
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


def latest(answers: Iterable[Answered], who: str, capacity: str, session_id: int) -> Answered | None:
    """The last answer that counts here, in the order given: "not today" counts in its own session only."""
    found = None
    for answer in answers:
        is_elsewhere = answer.answer == NOT_TODAY and answer.session_id != session_id
        if (answer.who, answer.capacity) == (who, capacity) and not is_elsewhere:
            found = answer
    return found


def after(first: Standing, second: Standing) -> Standing:
    """The second as they stand since the first said yes: what they answered before that is over."""
    is_over = first.answered and second.answered and second.answered.at < first.answered.at
    return Standing(second.person, second.capacity, None) if is_over else second


def _lines(others: str) -> list[tuple[str, str]]:
    pairs = (line.partition(":") for line in others.splitlines() if line.strip())
    return [(role.strip(), name.strip()) for role, _, name in pairs]
