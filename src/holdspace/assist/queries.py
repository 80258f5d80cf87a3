"""Reads of switches, the ledger and the voice profile."""

import json
from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet

from holdspace.access.actor import Actor
from holdspace.access.policy import scope_of
from holdspace.access.sight import within
from holdspace.assist.models import AiUse, SpeakingVoice, Switch, VoiceProfile
from holdspace.assist.rules import VOICE, Around, Level, VoiceKept, deciding
from holdspace.people.models import Clinician


def switched_off_at(actor: Actor, name: str, around: Around) -> Level | None:
    """The level whose switch turns `name` off here, or None when it is on."""
    about = (
        Q(level="practice", about_id=around.practice_id)
        | Q(level="clinician", about_id=around.clinician_id)
        | Q(level="client", about_id=around.client_id)
        | Q(level="session", about_id=around.session_id)
    )
    rows = Switch.objects.filter(about, practice_id=actor.practice_id, name=name)
    return deciding(name, [(row.level, row.is_on) for row in rows])  # type: ignore[misc]  # levels are the model's


OUR_FORMATS = ("BIRP", "DAP", "GIRP", "PIRP", "SOAP")
"""Those of `engines/drafting/formats` that fit a session; an intake is a note of its own kind. Named here because
nothing of an engine may be loaded to show a page."""


def note_formats(actor: Actor) -> tuple[str, ...]:
    """Formats a session's draft may take: ours, and those in the practice's own folder."""
    if scope_of(actor, "session.draft") == "-":
        return ()
    own = {path.stem.upper() for path in settings.CONFIG.formats.glob("*.yaml") if path.stem.isalnum()}
    return tuple(sorted({*OUR_FORMATS, *own}))


def uses(actor: Actor, session_id: int) -> list[AiUse]:
    """What AI was used in one session, in order."""
    if scope_of(actor, "switch.read") == "-":
        return []
    return list(AiUse.objects.filter(practice_id=actor.practice_id, session_id=session_id).order_by("at"))


def voice_kept(actor: Actor, clinician_id: int) -> VoiceKept:
    """What is kept of a clinician's voice profile; nothing kept is an empty one."""
    rows = within(
        actor,
        "voice.read",
        VoiceProfile.objects.filter(clinician_id=clinician_id),
        practice="clinician__practice_id",
        clinician="clinician_id",
    )
    kept = rows.first()
    return VoiceKept(json.loads(kept.corrections or "{}"), kept.learns_from) if kept else VoiceKept()


def voice_off_at(actor: Actor, clinician: Clinician) -> Level | None:
    """Where her voice profile is switched off for all her sessions: "clinician", "practice", or None."""
    return switched_off_at(actor, VOICE, Around(clinician.practice_id, clinician.pk, 0, 0))


def speaking_voice(actor: Actor, clinician_id: int) -> list[float] | None:
    """The numbers of her speaking voice; None where she gave none."""
    kept = _speaking_voices(actor, clinician_id).first()
    return list(json.loads(kept.numbers)) if kept else None


def speaking_voice_given_at(actor: Actor, clinician_id: int) -> datetime | None:
    """When she gave it; None where she did not."""
    kept = _speaking_voices(actor, clinician_id).first()
    return kept.given_at if kept else None


def _speaking_voices(actor: Actor, clinician_id: int) -> QuerySet[SpeakingVoice]:
    return within(
        actor,
        "voice.read",
        SpeakingVoice.objects.filter(clinician_id=clinician_id),
        practice="clinician__practice_id",
        clinician="clinician_id",
    )
