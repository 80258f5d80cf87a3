"""Off means off: the narrowest off wins, a new practice has all of it off, and the ledger names what was used.

That nothing leaks in any combination of switches is shown in tests/walls/test_switches.py, in fresh processes.
"""

from collections.abc import Mapping

import pytest

from holdspace.access.actor import Subject
from holdspace.access.policy import scope_of
from holdspace.assist.actions import choose_switches, switch_off, switch_on
from holdspace.assist.doorway import (
    OnlyWhileOn,
    check_on,
    drafting_tools_for,
    ear_for,
    suggestions_for_claim,
)
from holdspace.assist.models import AiUse, SpeakingVoice, Switch
from holdspace.assist.queries import is_asked, standings_of, switched_off_at, uses
from holdspace.assist.rules import (
    CLAIMS,
    DRAFTING,
    MODEL,
    RECORDING,
    SWITCHES,
    TRANSCRIPTION,
    VOICE,
    SwitchAt,
)
from holdspace.audit.models import Entry
from holdspace.chart.history import log_of, whole_log
from holdspace.errors import BadInput, EngineFailed, NotAllowed, SwitchedOff
from holdspace.room.models import Session
from holdspace.room.queries import voices_of
from tests.cast import Cast, held

pytestmark = pytest.mark.django_db
LEVELS = ("practice", "clinician", "client", "session")


@pytest.fixture
def session(cast: Cast) -> Session:
    """Ruth's session."""
    return held(cast)


def subjects(cast: Cast, session: Session) -> dict[str, Subject]:
    """Whom each level is about."""
    return {
        "practice": cast.practice,
        "clinician": cast.maya_clinician,
        "client": cast.ruth,
        "session": session,
    }


@pytest.mark.parametrize("level", LEVELS)
def test_an_off_at_any_level_is_off_and_is_named(cast: Cast, session: Session, level: str) -> None:
    switch_off(cast.maya, SwitchAt(TRANSCRIPTION, subjects(cast, session)[level]))
    with pytest.raises(SwitchedOff, match=f"Transcription is switched off for this {level}"):
        ear_for(cast.worker, session.around())
    check_on(cast.worker, DRAFTING, session.around())
    assert AiUse.objects.count() == 0


def test_a_wider_on_does_not_undo_a_narrower_off_nor_a_narrower_on_a_wider_off(
    cast: Cast, session: Session
) -> None:
    switch_on(cast.maya, SwitchAt(DRAFTING, cast.practice))
    switch_off(cast.maya, SwitchAt(DRAFTING, cast.ruth))
    assert switched_off_at(cast.worker, DRAFTING, session.around()) == "client"
    switch_on(cast.maya, SwitchAt(DRAFTING, cast.ruth))
    assert switched_off_at(cast.worker, DRAFTING, session.around()) is None
    switch_off(cast.maya, SwitchAt(DRAFTING, cast.practice))
    assert switched_off_at(cast.worker, DRAFTING, session.around()) == "practice"


def test_a_new_practice_has_everything_off_until_its_owner_chooses_once(cast: Cast, session: Session) -> None:
    Switch.objects.all().delete()
    assert not is_asked(cast.maya)
    assert {switched_off_at(cast.worker, name, session.around()) for name in SWITCHES} == {"practice"}
    switch_on(cast.maya, SwitchAt(DRAFTING, session))  # a narrower on is no choice of the practice's
    assert switched_off_at(cast.worker, DRAFTING, session.around()) == "practice"
    choose_switches(cast.maya, cast.practice, names=[DRAFTING])
    assert is_asked(cast.maya)
    on = [name for name in SWITCHES if switched_off_at(cast.worker, name, session.around()) is None]
    assert on == [DRAFTING]
    with pytest.raises(NotAllowed):
        choose_switches(cast.tom, cast.practice, names=[DRAFTING])


def test_what_is_not_built_cannot_be_switched_on_and_its_doorway_refuses(
    cast: Cast, session: Session
) -> None:
    with pytest.raises(BadInput, match="not built yet"):
        switch_on(cast.maya, SwitchAt(CLAIMS, cast.practice))
    with pytest.raises(BadInput):
        choose_switches(cast.maya, cast.practice, names=SWITCHES)
    Switch.objects.filter(name=CLAIMS).update(is_on=True)  # whatever the table says
    with pytest.raises(SwitchedOff, match="not built yet"):
        suggestions_for_claim(cast.worker, session.around())


def test_only_whose_clients_they_are_may_switch_and_only_what_there_is(cast: Cast) -> None:
    for actor, about in ((cast.tom, cast.ruth), (cast.tom, cast.practice), (cast.sam, cast.ruth)):
        with pytest.raises(NotAllowed):
            switch_off(actor, SwitchAt(RECORDING, about))
    with pytest.raises(BadInput):
        switch_off(cast.maya, SwitchAt("everything", cast.ruth))


def test_who_decided_is_said_with_the_level_and_the_time(cast: Cast, session: Session) -> None:
    switch_off(cast.maya, SwitchAt(RECORDING, cast.ruth))
    (found,) = standings_of(cast.maya, [session.around()])
    recording = next(standing for standing in found if standing.name == RECORDING)
    decided = recording.decided
    assert decided is not None
    assert (recording.off_at, decided.level, decided.who) == ("client", "client", "Maya Torres")
    assert decided.set_at is not None
    transcription = next(standing for standing in found if standing.name == TRANSCRIPTION)
    assert transcription.is_on
    for actor in (cast.bo, cast.sam):
        assert scope_of(actor, "switch.read") == "-"
        with pytest.raises(NotAllowed):
            standings_of(actor, [session.around()])


def test_the_log_names_the_switch_whose_it_was_and_which_way(cast: Cast) -> None:
    switch_off(cast.maya, SwitchAt(RECORDING, cast.ruth))
    with pytest.raises(NotAllowed):
        switch_on(cast.tom, SwitchAt(RECORDING, cast.ruth))
    refused, done = Entry.objects.order_by("-number")[:2]
    assert (done.verb, done.kind, done.subject_id) == ("switch.off", "client/recording", cast.ruth.pk)
    assert (refused.verb, refused.kind, refused.outcome) == ("switch.on", "client/recording", "refused")
    line = whole_log(cast.maya)[1]
    assert (line.did, line.client_name) == ("switched recording off", "Ruth Abel")
    assert log_of(cast.maya, cast.ruth)[1].did == "switched recording off"


def test_with_the_voice_profile_off_her_speaking_voice_is_not_used(cast: Cast, session: Session) -> None:
    SpeakingVoice.objects.create(clinician=cast.maya_clinician, numbers="[0.5]")
    assert voices_of(cast.worker, session).therapist == [0.5]
    switch_off(cast.maya, SwitchAt(VOICE, cast.maya_clinician))
    assert voices_of(cast.worker, session).therapist is None


@pytest.mark.weights
def test_every_use_is_in_the_ledger_and_in_the_log_with_its_hash_and_what_it_was_given(
    cast: Cast, session: Session
) -> None:
    drafting_tools_for(cast.worker, session.around(), given="jottings")
    found = uses(cast.maya, session.pk)
    assert [(use.purpose, use.model, use.given) for use in found] == [
        ("drafting", "drafting-rules", "jottings"),
        ("reading sentences", "spacy-en-core-web-sm", "jottings"),
        ("way of writing", "voice-profile", "earlier notes"),
    ]
    assert {len(use.sha256) for use in found} == {64}
    assert len({use.sha256 for use in found}) == 3
    assert uses(cast.sam, session.pk) == []
    entries = Entry.objects.filter(verb="ai.use")
    assert [(entry.kind, entry.subject_id, entry.role) for entry in entries] == [
        (f"session/{use.purpose}", session.pk, "worker") for use in found
    ]
    assert "used AI: way of writing" in {line.did for line in log_of(cast.maya, cast.ruth)}


class Counting:
    """A language model that counts what it is asked."""

    asked = 0

    def complete(self, prompt: str, *, schema: Mapping[str, object] | None, max_tokens: int) -> str:  # noqa: ARG002
        self.asked += 1
        return "{}"


def test_a_model_switched_off_in_the_middle_is_not_asked_again(cast: Cast, session: Session) -> None:
    switch_on(cast.maya, SwitchAt(MODEL, cast.practice))
    model, entered = Counting(), list[str]()
    guarded = OnlyWhileOn(
        model,
        lambda: switched_off_at(cast.worker, MODEL, session.around()) is None,
        lambda: entered.append("wording"),
    )
    assert entered == []
    for prompt in ("one", "two"):
        guarded.complete(prompt, schema=None, max_tokens=1)
    switch_off(cast.maya, SwitchAt(MODEL, cast.ruth))
    with pytest.raises(EngineFailed, match="switched off"):
        guarded.complete("three", schema=None, max_tokens=1)
    assert (model.asked, entered) == (2, ["wording"])


def test_a_model_switched_off_before_it_is_asked_is_not_entered() -> None:
    entered: list[str] = []
    guarded = OnlyWhileOn(Counting(), lambda: False, lambda: entered.append("wording"))
    with pytest.raises(EngineFailed, match="switched off"):
        guarded.complete("one", schema=None, max_tokens=1)
    assert entered == []
