"""How a promise is broken: by what in the product, what must be seen of it, and what has to be done anew for it."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from holdspace.proof.trial import Trial


@dataclass(frozen=True, slots=True)
class Bench:
    """What a break works with: `after` is undone when the promise was tried."""

    patch: pytest.MonkeyPatch
    trial: Trial
    after: ExitStack


How = Callable[[Bench], None]


@dataclass(frozen=True, slots=True)
class Break:
    """One promise broken in one way. `anew` are the trial's things that have to be done again under it."""

    code: str
    how: How
    seen: str
    anew: tuple[str, ...] = ()
    listens: bool = False

    @property
    def name(self) -> str:
        """The promise, and how it was broken."""
        return f"{self.code}: {self.how.__name__.strip('_').replace('_', ' ')}"


BREAKS: list[Break] = []


def breaks(code: str, seen: str, *anew: str, listens: bool = False) -> Callable[[How], How]:
    """This breaks that promise, and is seen as that. `listens`: somebody hears beside."""

    def added(how: How) -> How:
        BREAKS.append(Break(code, how, seen, anew, listens))
        return how

    return added
