"""There is one way to do anything: it asks the table of who may do what, and leaves an entry."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

from django.apps import apps
from django.urls import reverse

from holdspace.access.policy import VERBS
from holdspace.audit.models import Entry
from holdspace.errors import NotAllowed
from holdspace.proof.promise import Broken, Promise, Seen, demand
from holdspace.proof.trial import Trial
from holdspace.room.actions.sessions import save_jottings

PROMISE = Promise(
    number="4.10",
    says="Everything anybody does or opens passes one gate, which looks up who may, and leaves an entry in "
    "the log. Refusals too.",
    tried="Every action of this installation was looked at for its gate and its verb. Then one was done, one "
    "refused and a record opened, and their entries looked for.",
    red="Things can be done that leave no trace. Show this report to whoever looks after the machine.",
)


def try_now(trial: Trial) -> Seen:
    """Look at every action, then do, be refused, and read."""
    actions = dict(_actions())
    open_ones = [name for name, function in actions.items() if getattr(function, "verb", None) not in VERBS]
    demand(not open_ones, *(f"{name} passes no gate." for name in open_ones[:10]))
    bare = [name for name, function in actions.items() if not hasattr(function, "__wrapped__")]
    demand(not bare, *(f"{name} passes no gate." for name in bare[:10]))
    session = trial.company.session()
    save_jottings(trial.company.clinician, session, text="")
    _demand_entry("session.jot", "done", session.pk)
    try:
        save_jottings(trial.company.actor("biller"), session, text="")
    except NotAllowed:
        _demand_entry("session.jot", "refused", session.pk)
    else:
        raise Broken("A biller jotted in a session.")
    trial.browser().get(reverse("room:session", args=[session.pk]))
    _demand_entry("session.read", "done", session.pk)
    return (
        f"{len(actions)} actions pass the gate, under {len(VERBS)} verbs of one table.",
        "What was done, what was refused and what was read each left its entry.",
    )


def _actions() -> Iterator[tuple[str, Callable[..., Any]]]:
    """Every public function of the rooms' actions."""
    for config in apps.get_app_configs():
        if not config.name.startswith("holdspace."):
            continue
        for module in pkgutil.walk_packages(config.module.__path__, f"{config.name}."):  # type: ignore[union-attr]
            if "actions" not in module.name.split("."):
                continue
            loaded = importlib.import_module(module.name)
            yield from _public(loaded)


def _public(module: ModuleType) -> Iterator[tuple[str, Callable[..., Any]]]:
    for name, found in vars(module).items():
        is_ours = callable(found) and getattr(found, "__module__", "") == module.__name__
        if is_ours and not name.startswith("_") and not isinstance(found, type):
            yield f"{module.__name__}.{name}", found


def _demand_entry(verb: str, outcome: str, subject_id: int) -> None:
    latest = Entry.objects.filter(verb=verb, outcome=outcome, subject_id=subject_id).exists()
    demand(latest, f"“{verb}” ({outcome}) left no entry in the log.")
