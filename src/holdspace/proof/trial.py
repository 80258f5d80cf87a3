"""One run's trial: the people in it, and what is done once and looked at by several promises."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from holdspace.access.actor import Actor
from holdspace.people.models import Practice
from holdspace.proof.backed_up import BackedUp, back_up
from holdspace.proof.browser import Browser
from holdspace.proof.company import ROLES, Company
from holdspace.proof.drafted import Drafted, drafting
from holdspace.proof.heard import Heard, hear
from holdspace.proof.promise import Broken, NotTried
from holdspace.proof.undone import is_going

T = TypeVar("T")


@dataclass(slots=True)
class Trial:
    """The trial as a promise is given it. `began` is when it began, in seconds; `real` is the practice beside it."""

    real: Practice
    company: Company
    began: float = field(default_factory=time.time)
    _done: dict[str, object] = field(default_factory=dict)

    @property
    def owner(self) -> Actor:
        """The owner of the real practice, as somebody who only looks at what is hers."""
        return Actor(practice_id=self.real.pk, role="owner", name="the owner")

    def browser(self, role: str = "clinician") -> Browser:
        """A browser of somebody of the trial."""
        return self._once(f"browser {role}", lambda: Browser.signed_in(ROLES[role]))

    def heard(self) -> Heard:
        """The session that was heard. Raises NotTried, Broken."""
        return self._once("heard", lambda: hear(self.company, self.browser(), self.began))

    def drafted(self) -> Drafted:
        """The session that was drafted. Raises NotTried, Broken."""
        return self._once("drafted", lambda: drafting(self.company, self.browser()))

    def backed_up(self) -> BackedUp:
        """A backup made while the drafted session was there. Raises NotTried, Broken."""
        return self._once("backed up", back_up)

    def _once(self, name: str, make: Callable[[], T]) -> T:
        """What was made before, or made now; a failure is remembered too, so that nobody waits for it twice."""
        if name not in self._done:
            if is_going():
                raise RuntimeError(f"{name} would be undone: ask for it before")
            try:
                self._done[name] = make()
            except (NotTried, Broken) as failed:
                self._done[name] = failed
        found = self._done[name]
        if isinstance(found, NotTried | Broken):
            raise found
        return found  # type: ignore[return-value]  # it was made for this name
