"""What a promise is, and how a trial of one can end.

    kept           it was tried just now and held
    broken         it was tried just now and did not hold
    not tried      it could not be tried here now; why, and what to do
    not enforced   it was tried, and this machine does not enforce it

Only the first passes.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Literal

State = Literal["kept", "broken", "not tried", "not enforced"]
KEPT: State = "kept"
BROKEN: State = "broken"
NOT_TRIED: State = "not tried"
NOT_ENFORCED: State = "not enforced"

WORDS: dict[State, str] = {
    KEPT: "Kept",
    BROKEN: "Broken",
    NOT_TRIED: "Not tried",
    NOT_ENFORCED: "Not enforced here",
}
GROUPS = {
    1: "Privacy beyond HIPAA",
    2: "Little impact on the encounter",
    3: "Clinical intent preserved",
    4: "The therapist decides",
}
"""The four tests of the mission, by the first digit of a promise's number."""

Seen = tuple[str, ...]
"""What was seen, a sentence each. Never a word of anybody's record."""


@dataclass(frozen=True, slots=True)
class Promise:
    """A promise in plain words. `number` is its group and its place in it ("1.3"), `red` what to do where it is broken.

    `is_after`: it is about what is left when the trial is over, and tried then.
    """

    number: str
    says: str
    tried: str
    red: str
    is_after: bool = False

    @property
    def group(self) -> int:
        """Which test of the mission it belongs to."""
        return int(self.number.partition(".")[0])

    @property
    def place(self) -> tuple[int, int]:
        """Where it stands among all."""
        group, _, number = self.number.partition(".")
        return int(group), int(number)


@dataclass(frozen=True, slots=True)
class Result:
    """One promise as it was tried: `seen` is the evidence, `then` what to do where it did not pass."""

    code: str
    number: str
    says: str
    tried: str
    state: State
    seen: Seen
    then: str
    seconds: float

    def as_values(self) -> dict[str, Any]:
        """As JSON values."""
        return asdict(self)


class Broken(Exception):
    """The promise does not hold. Its arguments are what was seen, a sentence each."""

    def __init__(self, *seen: str) -> None:
        super().__init__(*seen)
        self.seen: Seen = seen


class NotTried(Exception):
    """It could not be tried here now."""

    def __init__(self, why: str, *, then: str = "") -> None:
        super().__init__(why)
        self.why, self.then = why, then


class NotEnforced(Exception):
    """This machine does not enforce it."""

    def __init__(self, *seen: str, then: str) -> None:
        super().__init__(*seen)
        self.seen: Seen = seen
        self.then = then


def demand(held: object, *seen: str) -> None:
    """Raise Broken with what was seen, unless it held."""
    if not held:
        raise Broken(*seen)


def demand_refused(
    attempt: Callable[[], object], by: type[Exception] | tuple[type[Exception], ...], seen: str
) -> None:
    """Raise Broken with what was seen, unless trying it raises one of these."""
    try:
        attempt()
    except by:
        return
    raise Broken(seen)
