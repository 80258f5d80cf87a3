"""Off means off: the narrowest switch wins, and with one off nothing of an engine is even loaded."""

import subprocess
import sys
import textwrap

import pytest

from holdspace.access.actor import Subject
from holdspace.assist.actions import set_practice_switch, set_switch
from holdspace.assist.doorway import check_on, drafting_tools_for, ear_for
from holdspace.assist.models import AiUse
from holdspace.assist.queries import switched_off_at, uses
from holdspace.assist.rules import DRAFTING, HEARING, MODEL
from holdspace.errors import BadInput, NotAllowed, SwitchedOff
from tests.cast import Cast, held

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("level", ["practice", "clinician", "client", "session"])
def test_an_off_at_any_level_is_off_and_is_named(cast: Cast, level: str) -> None:
    session = held(cast)
    about: dict[str, Subject] = {"clinician": cast.maya_clinician, "client": cast.ruth, "session": session}
    if level == "practice":
        set_practice_switch(cast.maya, cast.practice, name=HEARING, is_on=False)
    else:
        set_switch(cast.maya, about[level], name=HEARING, is_on=False)
    with pytest.raises(SwitchedOff, match=f"for this {level}"):
        ear_for(cast.worker, session.around())
    check_on(cast.worker, DRAFTING, session.around())
    assert AiUse.objects.count() == 0


def test_a_wider_on_does_not_undo_a_narrower_off_nor_a_narrower_on_a_wider_off(cast: Cast) -> None:
    session = held(cast)
    set_practice_switch(cast.maya, cast.practice, name=DRAFTING, is_on=True)
    set_switch(cast.maya, cast.ruth, name=DRAFTING, is_on=False)
    assert switched_off_at(cast.worker, DRAFTING, session.around()) == "client"
    set_switch(cast.maya, cast.ruth, name=DRAFTING, is_on=True)
    set_practice_switch(cast.maya, cast.practice, name=DRAFTING, is_on=False)
    assert switched_off_at(cast.worker, DRAFTING, session.around()) == "practice"


def test_a_language_model_is_off_until_somebody_switches_it_on(cast: Cast) -> None:
    session = held(cast)
    assert switched_off_at(cast.worker, MODEL, session.around()) == "practice"
    set_switch(cast.maya, session, name=MODEL, is_on=True)
    assert switched_off_at(cast.worker, MODEL, session.around()) is None


def test_only_whose_clients_they_are_may_switch_and_only_what_there_is(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        set_switch(cast.tom, cast.ruth, name=HEARING, is_on=False)
    with pytest.raises(NotAllowed):
        set_practice_switch(cast.tom, cast.practice, name=HEARING, is_on=False)
    with pytest.raises(BadInput):
        set_switch(cast.maya, cast.ruth, name="everything", is_on=False)


@pytest.mark.weights
def test_every_use_is_in_the_ledger_with_the_models_hash(cast: Cast) -> None:
    session = held(cast)
    drafting_tools_for(cast.worker, session.around())
    (use,) = uses(cast.maya, session.pk)
    assert (use.purpose, use.model, len(use.sha256)) == ("drafting", "spacy-en-core-web-sm", 64)
    assert uses(cast.sam, session.pk) == []


FRESH = """
    import os, sys
    os.environ["DJANGO_SETTINGS_MODULE"] = "holdspace.web.settings"
    import django
    django.setup()
    from django.core.management import call_command
    from holdspace.vault.home import prepare
    from holdspace.vault.keys import ring
    from django.conf import settings
    prepare(settings.CONFIG.home)
    ring.put(b"k" * 32)
    call_command("migrate", verbosity=0)
    from holdspace.assist.actions import set_practice_switch
    from holdspace.assist.doorway import drafting_tools_for, ear_for
    from holdspace.errors import SwitchedOff
    from holdspace.web.asgi import application
    from holdspace.workflows import session_to_draft, worker
    from tests.cast import held, make_cast
    cast = make_cast()
    session = held(cast)
    for name in ("hearing", "drafting"):
        set_practice_switch(cast.maya, cast.practice, name=name, is_on=False)
    for door in (ear_for, drafting_tools_for):
        try:
            door(cast.worker, session.around())
        except SwitchedOff:
            continue
        sys.exit("not switched off")
    from holdspace.assist.doorway import _speech
    if _speech.cache_info().currsize:
        sys.exit("a speech process was begun")
    engines = ("holdspace.engines.speech.", "holdspace.engines.drafting.", "holdspace.engines.language.",
               "faster_whisper", "ctranslate2", "spacy", "xllamacpp", "onnxruntime", "av.")
    loaded = sorted(name for name in sys.modules if (name + ".").startswith(engines))
    sys.exit(f"loaded: {loaded}" if loaded else 0)
"""


def test_with_the_switches_off_no_module_of_an_engine_is_loaded_in_a_whole_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    home = tmp_path_factory.mktemp("fresh")
    environment = {
        "HOLDSPACE_HOME": str(home / "practice"),
        "PATH": "/usr/bin:/bin",
        "PYTHONPATH": ":".join(sys.path),
    }
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(FRESH)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
