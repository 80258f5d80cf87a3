"""The chart: diagnoses, plans, and the life of a progress note.

A signed note never changes: `save` and `delete` refuse here, and triggers of the database refuse below
(migrations/0002). What was heard, and every quote of it, is sealed under the session's own key and goes at signing.
"""

import json
from dataclasses import replace
from typing import Any

from django.db import models

from holdspace.access.actor import Whereabouts
from holdspace.chart.rules import DRAFT, DRAFTED, OPEN, SIGNED
from holdspace.errors import AlreadySigned, Destroyed
from holdspace.people.models import Client, Clinician
from holdspace.room.models import Session
from holdspace.vault import whose
from holdspace.vault.envelope import seal, unseal
from holdspace.vault.fields import Encrypted, EncryptedLater, Row, as_bytes
from holdspace.vault.session_keys import key_of, make_key


class Diagnosis(Row):
    """A diagnosis in force, with its ICD-10-CM code."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="diagnoses")
    code = Encrypted(purpose="chart")
    name = Encrypted(purpose="chart")
    since = models.DateField()
    until = models.DateField(null=True)

    def whereabouts(self) -> Whereabouts:
        """With the client."""
        return replace(self.client.whereabouts(), kind="diagnosis", id=self.pk)


class TreatmentPlan(Row):
    """A client's plan. The newest is in force; it is reviewed by `review_on`."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="plans")
    made_on = models.DateField()
    review_on = models.DateField()

    def whereabouts(self) -> Whereabouts:
        """With the client."""
        return replace(self.client.whereabouts(), kind="plan", id=self.pk)


class Goal(Row):
    """A goal of a plan. `code` is its number there ("G1")."""

    plan = models.ForeignKey(TreatmentPlan, on_delete=models.PROTECT, related_name="goals")
    code = models.CharField(max_length=12)
    belongs_to = whose.client("plan__client_id")
    text = Encrypted(purpose="chart")


class Objective(Row):
    """A measurable objective of a goal ("O1.1")."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="objectives")
    code = models.CharField(max_length=12)
    belongs_to = whose.client("goal__plan__client_id")
    text = Encrypted(purpose="chart")
    measure = Encrypted(purpose="chart", blank=True)


class ProgressNote(Row):
    """A session's note: draft, in review, signed. It is *addended* when it is signed and has addenda."""

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="note")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="notes")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="notes")
    format = models.CharField(max_length=10)
    section_names = models.JSONField(default=list)
    state = models.CharField(max_length=10, default=DRAFT)
    made_at = models.DateTimeField(auto_now_add=True)

    def whereabouts(self) -> Whereabouts:
        """With the clinician whose note it is."""
        return Whereabouts(
            "note", self.pk, self.clinician.practice_id, self.clinician_id, client_id=self.client_id
        )

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, unless it is signed in the database already."""
        refuse_if_signed(self.pk)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, unless it is signed."""
        refuse_if_signed(self.pk)
        return super().delete(*args, **kwargs)


UNTIL_SIGNED = whose.draft("note__session_id", client="note__client_id", state="note__state", signed=SIGNED)
"""A draft can be destroyed by its own key; what is signed is the client's record and under the client's."""


class SealedPart(Row):
    """A part of a note with words of the session in it, sealed under the session's own key."""

    note = models.ForeignKey(ProgressNote, on_delete=models.CASCADE, related_name="%(class)s_set")
    position = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        abstract = True
        ordering = ["position"]

    def hide(self, values: object) -> None:
        """Seal values for this row; call before saving."""
        key = make_key(self.note.session_id, self.note.client_id)
        self.sealed = seal(key, as_bytes(values), identity=self._identity())

    def shown(self) -> Any:
        """The sealed values. Raises Destroyed once the session's key is gone."""
        if not self.sealed:
            raise Destroyed("Nothing was said behind this.")
        plain = unseal(key_of(self.note.session_id), bytes(self.sealed), identity=self._identity())
        return json.loads(plain)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save, unless the note is signed."""
        refuse_if_signed(self.note_id)
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Delete, unless the note is signed."""
        refuse_if_signed(self.note_id)
        return super().delete(*args, **kwargs)

    def _identity(self) -> str:
        return f"{self._meta.db_table}/{self.pk}/sealed"


class NoteSentence(SealedPart):
    """A sentence. `drafted` is what the draft said; `text` is what the note says now. Sealed: its evidence.

    `doubt` is about `text`. While her words stand in the draft's place, `drafted_doubt` is what was said of those.
    """

    belongs_to = UNTIL_SIGNED
    section = models.CharField(max_length=60)
    text = Encrypted(purpose="note")
    drafted = Encrypted(purpose="note", blank=True)
    doubt = Encrypted(purpose="note", blank=True)
    drafted_doubt = EncryptedLater(purpose="note", blank=True)
    origin = models.CharField(max_length=10)
    status = models.CharField(max_length=10, default=DRAFTED)


class NoteQuestion(SealedPart):
    """A question and her answer. Sealed: what raised it."""

    belongs_to = UNTIL_SIGNED
    text = Encrypted(purpose="note")
    state = models.CharField(max_length=10, default=OPEN)
    answer = Encrypted(purpose="note", blank=True)


class LeftOutPart(SealedPart):
    """Something said that the note does not carry. Sealed: all of it."""

    can_return = models.BooleanField(default=False)
    is_back = models.BooleanField(default=False)


class Signature(Row):
    """Who signed, with which credential, when, and the hash of exactly what. Written once."""

    note = models.OneToOneField(ProgressNote, on_delete=models.PROTECT, related_name="signature")
    user_id = models.BigIntegerField(null=True)
    belongs_to = whose.client("note__client_id")
    who = models.CharField(max_length=120)
    credential = models.CharField(max_length=40)
    signed_at = models.DateTimeField()
    content = Encrypted(purpose="note")
    sha256 = models.CharField(max_length=64)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once."""
        if not self._state.adding:
            raise AlreadySigned("A signature never changes.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # noqa: ARG002  # never
        """Never."""
        raise AlreadySigned("A signature is never taken away.")


class Addendum(Row):
    """Words added after signing. Written once."""

    note = models.ForeignKey(ProgressNote, on_delete=models.PROTECT, related_name="addenda")
    user_id = models.BigIntegerField(null=True)
    who = models.CharField(max_length=120)
    credential = models.CharField(max_length=40)
    belongs_to = whose.client("note__client_id")
    text = Encrypted(purpose="note")
    at = models.DateTimeField()
    sha256 = models.CharField(max_length=64)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once."""
        if not self._state.adding:
            raise AlreadySigned("An addendum never changes.", then="Add another.")
        super().save(*args, **kwargs)


class PsychotherapyNote(Row):
    """Her own process notes on a session, kept apart from the record: nobody but their author reads them.

    45 CFR 164.501, 164.508(a)(2). They are in no draft, page, search, export or appeal (tests/walls/test_private.py).
    """

    session = models.OneToOneField(Session, on_delete=models.PROTECT, related_name="+")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="+")
    text = Encrypted(purpose="psychotherapy", blank=True)
    changed_at = models.DateTimeField()

    def whereabouts(self) -> Whereabouts:
        """With its author."""
        return Whereabouts(
            "psychotherapy note",
            self.pk,
            self.clinician.practice_id,
            self.clinician_id,
            client_id=self.client_id,
        )


class DraftLedger(Row):
    """What the program did for a note, frozen when it was signed: uses and numbers, never a word of the session."""

    note = models.OneToOneField(ProgressNote, on_delete=models.PROTECT, related_name="ledger")
    uses = models.JSONField(default=list)
    counts = models.JSONField(default=dict)
    frozen_at = models.DateTimeField()

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it once."""
        if not self._state.adding:
            raise AlreadySigned("What the program did is frozen.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:  # noqa: ARG002  # never
        """Never."""
        raise AlreadySigned("What the program did stays on record.")


def refuse_if_signed(note_id: int) -> None:
    """Raise AlreadySigned if the note is signed, whatever the caller's copy of it says."""
    if ProgressNote.objects.filter(pk=note_id, state=SIGNED).exists():
        raise AlreadySigned("This note is signed.", then="Add an addendum.")
