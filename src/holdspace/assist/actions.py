"""Verbs over AI: switching it, and correcting the voice it is worded in."""

import json
from collections.abc import Mapping

from django.utils import timezone

from holdspace.access.action import action
from holdspace.access.actor import Actor, Subject
from holdspace.assist.models import Switch, VoiceProfile
from holdspace.assist.queries import voice_kept
from holdspace.assist.rules import LEVELS, SWITCHES
from holdspace.assist.voice import checked
from holdspace.errors import BadInput
from holdspace.people.models import Clinician, Practice


@action("switch.set")
def set_switch(actor: Actor, about: Subject, *, name: str, is_on: bool) -> Switch:
    """Switch something off or on for a clinician, a client or a session (the narrowest off wins)."""
    return _set(actor, about, name, is_on=is_on)


@action("practice.switch")
def set_practice_switch(actor: Actor, practice: Practice, *, name: str, is_on: bool) -> Switch:
    """Switch something off or on for the whole practice."""
    return _set(actor, practice, name, is_on=is_on)


@action("voice.correct")
def correct_voice(actor: Actor, clinician: Clinician, *, habit: str, value: str) -> VoiceProfile:
    """Her own word about a habit; from now on it wins over what is learnt."""
    kept = voice_kept(actor, clinician.pk).corrections
    return _keep(clinician, {**kept, habit: checked(habit, value)})


@action("voice.correct")
def drop_correction(actor: Actor, clinician: Clinician, *, habit: str) -> VoiceProfile:
    """Back to what is learnt."""
    kept = voice_kept(actor, clinician.pk).corrections
    return _keep(clinician, {key: value for key, value in kept.items() if key != habit})


@action("voice.erase")
def erase_voice(actor: Actor, clinician: Clinician) -> VoiceProfile:  # noqa: ARG001  # the gate reads the actor
    """Erase her corrections, and learn from no note signed until now."""
    profile = _keep(clinician, {})
    profile.learns_from = timezone.now()
    profile.save(update_fields=["learns_from"])
    return profile


def _keep(clinician: Clinician, corrections: Mapping[str, str]) -> VoiceProfile:
    profile = VoiceProfile.objects.filter(clinician=clinician).first() or VoiceProfile(clinician=clinician)
    profile.corrections = json.dumps(corrections, sort_keys=True)
    profile.save()
    return profile


def _set(actor: Actor, about: Subject, name: str, *, is_on: bool) -> Switch:
    where = about.whereabouts()
    if name not in SWITCHES or where.kind not in LEVELS:
        raise BadInput("There is no such switch.")
    switch, _ = Switch.objects.update_or_create(
        level=where.kind,
        about_id=where.id,
        name=name,
        defaults={"practice_id": actor.practice_id, "is_on": is_on},
    )
    return switch
