"""What a database server may read in plain: every text column that is not encrypted is named here, with why it may be.

On PostgreSQL the server and whoever runs it see these columns. Whose a row is they see only as a number: the name to it
is under the client's key. A new column that holds text, and is neither encrypted nor named here, fails the build.
"""

import ast
from collections.abc import Iterable

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from holdspace.vault.fields import Encrypted, Row
from holdspace.vault.keys import PURPOSES
from holdspace.vault.whose import Whose, whose
from tests.walls.tree import SOURCE, modules, parsed, short

TEXT = (models.CharField, models.TextField, models.JSONField, models.BinaryField)
STAFF = "about who works here, which is on every note and invoice anyway"
CODE = "one of a few words of ours"
ID = "an id, a hash, a signature or a public key; it tells nothing by itself"
SEALED = "sealed under a session's own key, or wrapped by another key"
HEADING = "a heading of a note's format, the same in every note"
SERVICE = "a code of the service, as it stands on claims; whose is a number"
OURS = "a sentence or a name out of our own program"
PLAIN = {
    STAFF: "people.Clinician: name credential pronouns usual_format · people.User: username name role · "
    "people.Practice: name zone · chart.Signature: who credential · chart.Addendum: who credential · "
    "consent.OwnWords: text purpose · people.SignIn: address browser",
    CODE: "assist.AiUse: purpose · assist.Switch: level name · audit.Entry: role verb kind outcome · "
    "chart.NoteSentence: origin status · chart.NoteQuestion: state · chart.ProgressNote: format state · "
    "consent.Consent: purpose capacity answer version state host given_by revoked_by · consent.Place: state · "
    "room.Capture: mode state note_format ended_why · room.DraftRun: kind note_format state error_code · "
    "room.HeardSession: source · vault.Destruction: kind rule law · vault.Generation: kind · "
    "vault.RecordKey: kind · vault.SessionKey: kind · assist.AiUse: given · "
    "consent.Disclosure: basis how kind recorded_as · "
    "consent.DisclosureAuthorization: kinds · mfa.Authenticator: type · outside.Agreement: kind · "
    "outside.AllowedHost: purpose · outside.Sent: purpose · people.Notice: kind · proof.ProofRun: state · "
    "safekeeping.Night: error_code · safekeeping.SafeRun: kind state error_code",
    ID: "assist.AiUse: model sha256 · audit.ChainEnd: sha256 signature · audit.ChainStart: sha256 signature · "
    "audit.Entry: previous sha256 · audit.PastSigner: public signature · chart.Addendum: sha256 · "
    "chart.Signature: sha256 · consent.Consent: sha256 · consent.Invitation: code · people.User: password · "
    "room.Capture: token place code · room.DraftRun: place task_id · vault.Destruction: key_id · "
    "vault.Generation: name · vault.RecordKey: key_id · vault.SessionKey: key_id · people.JoiningCode: sha256 · "
    "people.SignIn: session_key · people.Tries: door · people.Held: path · proof.ProofRun: sha256 · "
    "safekeeping.SafeRun: file",
    SEALED: "chart.LeftOutPart: sealed · chart.NoteQuestion: sealed · chart.NoteSentence: sealed · "
    "room.HeardPiece: sealed · room.HeardSession: sealed · vault.RecordKey: wrapped · vault.SessionKey: wrapped",
    HEADING: "chart.Goal: code · chart.Objective: code · chart.NoteSentence: section · "
    "chart.ProgressNote: section_names",
    SERVICE: "schedule.Appointment: setting modality cpt",
    OURS: "room.DraftRun: step error_what error_kept error_then · vault.BringingOver: model · "
    "proof.ProofRun: step report error_what error_then · "
    "safekeeping.SafeRun: step error_what error_kept error_then · chart.DraftLedger: counts uses",
    "a server she allowed by name, or the party of an agreement about it": "outside.AllowedHost: host · "
    "outside.Sent: host · outside.Agreement: party",
    "allauth's own: secrets are sealed for their person (people/mfa.py), the rest are public keys; no mail is kept": (
        "mfa.Authenticator: data · account.EmailAddress: email · account.EmailConfirmation: key"
    ),
    "Django's own, of which nothing is about a client": "auth.Group: name · auth.Permission: name codename · "
    "contenttypes.ContentType: app_label model · sessions.Session: session_key session_data",
    "tasks take ids (tests/walls/test_doors.py) and end every error themselves": "django_tasks_database.DBTaskResult: "
    "status args_kwargs task_path worker_ids queue_name backend_name return_value exception_class_path traceback",
}


def named() -> set[str]:
    """Every column that may be plain."""
    found = set()
    for columns in PLAIN.values():
        for part in columns.split(" · "):
            model, _, names = part.partition(": ")
            found |= {f"{model}.{name}" for name in names.split()}
    return found


def plain(kinds: Iterable[type[models.Model]]) -> set[str]:
    """Every column of these models that holds text or bytes and is not encrypted."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in kinds
        for field in model._meta.concrete_fields
        if isinstance(field, TEXT) and not isinstance(field, Encrypted)
    }


def every_model() -> list[type[models.Model]]:
    return list(apps.get_models(include_auto_created=True))


def purposes(tree: ast.AST) -> set[str]:
    """What keys are derived for, where it stands in the call as a word."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {
        argument.value
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "key_for"
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def test_a_text_column_is_encrypted_or_named_here_with_its_reason() -> None:
    assert plain(every_model()) - named() == set()


def test_what_is_named_here_is_there() -> None:
    assert named() - plain(every_model()) == set()


def test_every_model_with_encrypted_fields_says_whose_key_seals_them() -> None:
    for model in every_model():
        if any(isinstance(field, Encrypted) for field in model._meta.concrete_fields):
            assert isinstance(whose(model), Whose), model._meta.label


def test_a_key_is_derived_for_what_a_rotation_knows_and_nothing_else() -> None:
    unknown = {short(path): purposes(parsed(path)) - PURPOSES for path in modules(SOURCE)}
    assert {path: found for path, found in unknown.items() if found} == {}
    assert purposes(ast.parse("ring.key_for('totp'); table.get('x')")) == {"totp"}


@isolate_apps("holdspace.vault")
def test_the_wall_sees_a_new_plain_column_and_a_row_that_belongs_to_nobody() -> None:
    class Letter(Row):
        """Somebody adds a room and forgets."""

        words = models.TextField()
        secret = Encrypted(purpose="letter")

        class Meta:
            app_label = "vault"

    assert plain([Letter]) == {"vault.Letter.words"}
    with pytest.raises(TypeError, match="does not say whose"):
        whose(Letter)
