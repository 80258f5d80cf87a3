"""What the promise “off means off” begins: a fresh process of this practice in which every switch of the trial is off.

    python -m holdspace.proof.fresh   (what it needs comes as JSON on standard input; an argument could be seen)

It asks every way to a model, and says how many refused and what of an engine was loaded. It changes nothing.
"""
# ruff: noqa: PLC0415  # Django must know which database it is before anything of ours is loaded

import json
import os
import sys
from collections.abc import Callable
from typing import Any

ENGINES = (
    "holdspace.engines.speech.",
    "holdspace.engines.drafting.",
    "holdspace.engines.language.",
    "faster_whisper",
    "ctranslate2",
    "spacy",
    "xllamacpp",
    "onnxruntime",
)


def opened(told: dict[str, Any]) -> None:
    """Start Django on the practice this is asked about."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "holdspace.web.settings"
    os.environ["HOLDSPACE_HOME"], os.environ["HOLDSPACE_WEIGHTS"] = told["home"], told["weights"]
    import django
    from django.conf import settings

    settings.DATABASES["default"].update(told["database"])
    django.setup()
    from holdspace.vault.keys import ring

    ring.put(bytes.fromhex(told["key"]))


def asked(practice_id: int) -> tuple[int, int]:
    """How many ways to a model there are, and how many refused."""
    from holdspace.access.actor import Actor
    from holdspace.assist import doorway
    from holdspace.assist.actions import choose_switches
    from holdspace.assist.on_record import on_record
    from holdspace.assist.words import marker_for
    from holdspace.errors import SwitchedOff
    from holdspace.people.models import Practice
    from holdspace.people.opening import actor_of
    from holdspace.proof.company import ROLES
    from holdspace.proof.undone import undone
    from holdspace.room.models import Session

    owner, worker = actor_of(ROLES["owner"]), Actor.worker(practice_id)
    around = Session.objects.filter(clinician__practice_id=practice_id)[0].around()
    ways: list[Callable[[], object]] = [
        lambda: doorway.ear_for(worker, around),
        lambda: doorway.ear_for(worker, around, is_alone=True),
        lambda: doorway.drafting_tools_for(worker, around),
        lambda: doorway.read_ahead(worker, around, ("Nobody reads this.",), is_first=True),
        lambda: doorway.doubt_about(worker, around, "Nobody reads this.", ("Nobody.",)),
        lambda: doorway.voice_learnt(worker, around, ("Nobody reads this.",)),
        lambda: doorway.suggestions_for_claim(worker, around),
        lambda: marker_for(worker, around)("Nobody reads this."),
        lambda: on_record(worker, around, ()),
    ]
    refused = 0
    with undone():
        choose_switches(owner, Practice.objects.get(pk=practice_id), names=())
        for way in ways:
            try:
                refused += not way()  # None, or nothing: it was not asked
            except SwitchedOff:
                refused += 1
    return len(ways), refused


def main() -> None:
    """Ask, and say what was found as JSON."""
    told = json.load(sys.stdin)
    opened(told)
    ways, refused = asked(told["practice"])
    loaded = sorted(name for name in sys.modules if f"{name}.".startswith(ENGINES))
    sys.stdout.write(json.dumps({"asked": ways, "refused": refused, "loaded": loaded}))


if __name__ == "__main__":
    main()
