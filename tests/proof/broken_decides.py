"""Ways to break the promises about who decides."""

from typing import Any

from django.db import connection

from holdspace.access import policy
from holdspace.assist import doorway
from holdspace.assist import queries as switches
from holdspace.assist.rules import deciding
from holdspace.audit import check, heads
from holdspace.audit.models import Entry
from holdspace.chart import actions
from holdspace.people.models import User
from holdspace.room.actions import captures, sessions
from holdspace.room.views import capture as capture_page
from holdspace.vault import guards
from holdspace.web import middleware
from tests.proof.breaking import Bench, breaks


def allowed(bench: Bench, role: str, *verbs: str) -> None:
    """The table lets this role do these to everything."""
    for verb in verbs:
        bench.patch.setitem(policy.POLICY, (verb, role), "all")


@breaks("off-means-off", "With transcription off for a practice another level|was given all the same")
def _a_switch_is_not_asked(bench: Bench) -> None:
    bench.patch.setattr(doorway, "hearing_off_at", lambda *_: None)


@breaks("off-means-off", "With recording off for a session another level was named")
def _a_sessions_own_switch_does_not_count(bench: Bench) -> None:
    bench.patch.setattr(
        switches,
        "deciding",
        lambda name, found: deciding(name, [one for one in found if one[0] != "session"]),
    )


@breaks("off-means-off", "With voice profile off for a practice its model was given all the same")
def _the_voice_profile_follows_drafting(bench: Bench) -> None:
    off_at = switches.switched_off_at
    bench.patch.setattr(
        doorway,
        "switched_off_at",
        lambda actor, name, around: off_at(actor, "drafting" if name == "voice-profile" else name, around),
    )


@breaks("no-consent-no-hearing", "Hearing began while nobody had agreed")
def _nobody_is_asked(bench: Bench) -> None:
    bench.patch.setattr(captures, "check_may_hear", lambda *_: None)


@breaks("taking-back-stops-at-once", "a second of sound was taken")
def _a_yes_taken_back_is_looked_at_later(bench: Bench) -> None:
    bench.patch.setattr(capture_page, "who_is_missing", lambda *_, **__: ())


@breaks("a-signed-note-never-changes", "changed by a statement to the database .UPDATE chart_progressnote")
def _the_database_does_not_guard_signed_notes(bench: Bench) -> None:
    bench.after.enter_context(guards._taken_away(["chart_progressnote"]))


@breaks("only-she-signs", "The owner signed the note")
def _an_owner_may_sign_for_her(bench: Bench) -> None:
    allowed(bench, "owner", "note.sign", "session.close")


@breaks("review-is-never-skipped", "The draft was signed unread")
def _nobody_looks_whether_it_was_read(bench: Bench) -> None:
    bench.patch.setattr(actions, "_check_ready", lambda *_: None)


@breaks("signing-destroys-what-was-heard", "The transcript’s key is still there after signing")
def _signing_leaves_what_was_heard(bench: Bench) -> None:
    bench.patch.setattr(sessions, "destroy", lambda *_, **__: False)


@breaks("the-log-is-whole", "changed: entries 3 to 3")
def _an_entry_was_changed(bench: Bench) -> None:
    before = Entry.objects.values_list("outcome", flat=True).get(number=3)
    Entry.objects.filter(number=3).update(outcome="refused")
    bench.after.callback(lambda: Entry.objects.filter(number=3).update(outcome=before))


@breaks("tampering-is-found", "The end cut off: nothing of it was found")
def _nobody_looks_at_the_end(bench: Bench) -> None:
    bench.patch.setattr(check, "_check_end", lambda *_: None)
    bench.patch.setattr(heads, "kept_lines", list)


@breaks("everything-passes-the-gate", "chart.actions.change_note passes no gate")
def _an_action_passes_no_gate(bench: Bench) -> None:
    def change_note(actor: Any, note: Any) -> None:
        del actor, note

    change_note.__module__ = actions.__name__
    bench.patch.setattr(actions, "change_note", change_note, raising=False)


@breaks("who-has-no-business-sees-nothing", "The biller reads words of the session on chart:note")
def _a_biller_may_read_notes(bench: Bench) -> None:
    allowed(bench, "biller", "note.read", "session.read")


@breaks("nobody-comes-in-unknown", "living_page opens to whoever asks")
def _a_page_is_open_to_all(bench: Bench) -> None:
    bench.patch.setattr(middleware, "OPEN_TO_ALL", middleware.OPEN_TO_ALL | {"living_page"})


@breaks("there-is-no-default-password", "1 of those who work here have a password everybody tries")
def _somebody_has_a_password_everybody_tries(bench: Bench) -> None:
    bo = User.objects.get(username="bo")
    kept = bo.password
    bo.set_password("holdspace")
    bo.save()
    bench.after.callback(lambda: User.objects.filter(pk=bo.pk).update(password=kept))


@breaks("no-reading-of-minds", "people_client_mood is kept in the database")
def _a_table_of_moods(bench: Bench) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE people_client_mood (client_id integer, valence real)")

    def dropped() -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE people_client_mood")

    bench.after.callback(dropped)


@breaks("every-way-out-has-its-human", "The worker may do “outside.allow” by itself")
def _the_worker_may_open_the_door(bench: Bench) -> None:
    allowed(bench, "worker", "outside.allow")
