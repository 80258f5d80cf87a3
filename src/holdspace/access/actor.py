"""Who acts. Every action and query takes one first; there is none without."""

from dataclasses import dataclass
from typing import Literal, Protocol, Self

Role = Literal["owner", "clinician", "supervisor", "biller", "scheduler", "client", "worker", "command line"]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person signed in, or the machine working for the practice. `supervisee_ids` are clinicians she supervises.

    `opened` are clients whose record she opened in an emergency, while that lasts; `is_locked` while her screen is.
    `practice_id` is 0 before a practice is set up.
    """

    practice_id: int
    role: Role
    name: str
    user_id: int | None = None
    clinician_id: int | None = None
    supervisee_ids: frozenset[int] = frozenset()
    opened: frozenset[int] = frozenset()
    is_locked: bool = False

    @classmethod
    def worker(cls, practice_id: int) -> Self:
        """The background worker: a row of the same policy table as everyone."""
        return cls(practice_id=practice_id, role="worker", name="Holdspace")

    @classmethod
    def in_the_room(cls, practice_id: int) -> Self:
        """Whoever has the code of a session that is being heard, and so was told it there."""
        return cls(practice_id=practice_id, role="client", name="the client")

    @classmethod
    def command_line(cls, practice_id: int = 0) -> Self:
        """Whoever holds the passphrase and the machine; may set up a practice, not read a chart."""
        return cls(practice_id=practice_id, role="command line", name="command line")


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a record belongs. `clinician_id` is the clinician responsible for it, if one person is.

    `client_id` is the client it is about, `user_id` the person it is of: her password, her sign-ins.
    """

    kind: str
    id: int
    practice_id: int
    clinician_id: int | None = None
    client_id: int | None = None
    user_id: int | None = None


class Subject(Protocol):
    """What an action is done to."""

    def whereabouts(self) -> Whereabouts:
        """Where this record belongs."""
        ...
