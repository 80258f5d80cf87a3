"""Verbs over AI: switching it, and correcting the voice it is worded in."""

import json
from collections.abc import Collection, Mapping

from django.utils import timezone

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.assist.doorway import speaking_voice_in
from holdspace.assist.models import SpeakingVoice, Switch, VoiceProfile
from holdspace.assist.queries import voice_kept
from holdspace.assist.rules import (
    BYTES_PER_S,
    BYTES_PER_SAMPLE,
    LEAST_VOICE_S,
    LEVELS,
    MOST_VOICE_S,
    NOT_BUILT,
    SWITCHES,
    WORDS,
    SwitchAt,
)
from holdspace.assist.voice import checked
from holdspace.errors import BadInput
from holdspace.people.models import Clinician, Practice
from holdspace.vault import record_keys
from holdspace.vault.reasons import ASKED
from holdspace.vault.whose import VOICE as VOICE_KEY
from holdspace.vault.whose import Owner


@action("switch.on")
def switch_on(actor: Actor, at: SwitchAt) -> Switch:
    """Switch something on for the practice, or take back an off for a clinician, a client or a session.

    A wider off still wins. Raises BadInput for what is not built yet.
    """
    if at.name in NOT_BUILT:
        raise BadInput(f"{WORDS[at.name].title} are not built yet.", then="There is nothing to switch on.")
    return _set(actor, at, is_on=True)


@action("switch.off")
def switch_off(actor: Actor, at: SwitchAt) -> Switch:
    """Switch something off for the practice, a clinician, a client or a session: at once, whatever is going on."""
    return _set(actor, at, is_on=False)


@action("switch.choose")
def choose_switches(actor: Actor, practice: Practice, *, names: Collection[str]) -> None:
    """What a practice begins with: these on, the others off. From now on nobody is asked again."""
    if not set(names) <= set(SWITCHES) - NOT_BUILT:
        raise BadInput("There is no such switch.")
    for name in SWITCHES:
        (switch_on if name in names else switch_off)(actor, SwitchAt(name, practice))


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


@action("voice.give")
def give_speaking_voice(actor: Actor, clinician: Clinician, *, pcm: bytearray) -> SpeakingVoice:
    """Keep the numbers of her speaking voice; the samples (16 bits, 16 kHz) are overwritten. Raises SwitchedOff."""
    if len(pcm) % BYTES_PER_SAMPLE or not LEAST_VOICE_S <= len(pcm) / BYTES_PER_S <= MOST_VOICE_S:
        raise BadInput("Between ten seconds and a minute of your voice are needed.", then="Begin again.")
    voice, speech_s = speaking_voice_in(actor, clinician, pcm)
    if voice is None or speech_s < LEAST_VOICE_S:
        raise BadInput(
            f"Only {speech_s:.0f} seconds of speech were heard.",
            then="Read on until the bar is full, near the microphone you use.",
        )
    kept = SpeakingVoice.objects.filter(clinician=clinician).first() or SpeakingVoice(clinician=clinician)
    kept.numbers = json.dumps(voice)
    kept.save()
    return kept


@action("voice.forget")
def forget_speaking_voice(actor: Actor, clinician: Clinician, *, rule: str = ASKED) -> bool:  # noqa: ARG001
    """Delete her speaking voice and its key. Whether there was one."""
    record_keys.destroy([Owner(VOICE_KEY, clinician.pk)], rule=rule)
    return bool(SpeakingVoice.objects.filter(clinician=clinician).delete()[0])


def _keep(clinician: Clinician, corrections: Mapping[str, str]) -> VoiceProfile:
    profile = VoiceProfile.objects.filter(clinician=clinician).first() or VoiceProfile(clinician=clinician)
    profile.corrections = json.dumps(corrections, sort_keys=True)
    profile.save()
    return profile


def _set(actor: Actor, at: SwitchAt, *, is_on: bool) -> Switch:
    where = at.about.whereabouts()
    if at.name not in SWITCHES or where.kind not in LEVELS:
        raise BadInput("There is no such switch.")
    switch, _ = Switch.objects.update_or_create(
        level=where.kind,
        about_id=where.id,
        name=at.name,
        defaults={"practice_id": actor.practice_id, "is_on": is_on, "set_by": actor.user_id},
    )
    return switch
