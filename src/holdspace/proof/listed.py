"""Every promise there is, found by its file: a new one is listed nowhere else."""

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from holdspace.errors import BadInput
from holdspace.proof import promises
from holdspace.proof.promise import Promise, Seen
from holdspace.proof.trial import Trial


@dataclass(frozen=True, slots=True)
class Listed:
    """A promise and its trying. Its code is the name of its file."""

    code: str
    promise: Promise
    try_now: Callable[[Trial], Seen]


@cache
def listed() -> tuple[Listed, ...]:
    """All promises, in the order of their numbers."""
    found = pkgutil.walk_packages(promises.__path__, f"{promises.__name__}.")
    modules = [importlib.import_module(module.name) for module in found if not module.ispkg]
    every = [
        Listed(module.__name__.rpartition(".")[2].replace("_", "-"), module.PROMISE, module.try_now)
        for module in modules
    ]
    return tuple(sorted(every, key=lambda one: one.promise.place))


def chosen(codes: tuple[str, ...]) -> tuple[Listed, ...]:
    """Those of these codes or numbers; all of them where none is named. Raises BadInput naming one there is not."""
    unknown = set(codes) - {name for one in listed() for name in (one.code, one.promise.number)}
    if unknown:
        raise BadInput(
            f"There is no promise called {', '.join(sorted(unknown))}.",
            then="`holdspace prove --list` names them all.",
        )
    return tuple(one for one in listed() if not codes or {one.code, one.promise.number} & set(codes))
