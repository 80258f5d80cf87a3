"""Her voice profile: what was learnt of how she writes, in plain words, and her hands on it."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from holdspace.assist.actions import correct_voice, drop_correction, erase_voice, switch_off, switch_on
from holdspace.assist.doorway import voice_learnt
from holdspace.assist.queries import voice_kept, voice_off_at
from holdspace.assist.rules import VOICE, Around, SwitchAt
from holdspace.assist.voice import BY_KEY, HABITS, Habit, LearntVoice
from holdspace.chart.forms import HabitForm
from holdspace.chart.queries import voice_samples
from holdspace.people.queries import herself
from holdspace.ui.http import Request, page, see


@dataclass(frozen=True, slots=True)
class ShownHabit:
    """One habit as its line shows it: what counts now, what was learnt, and the form to correct it."""

    key: str
    title: str
    reads: str
    learnt: str
    is_hers: bool
    remark: str
    form: HabitForm


@require_GET
def voice(request: Request) -> HttpResponse:
    """The profile."""
    return _profile(request)


@require_POST
def correct(request: Request, habit: str) -> HttpResponse:
    """Her own word about a habit."""
    found = _habit(habit)
    form = HabitForm(found, request.POST)
    if not form.is_valid():
        return _profile(request, form)
    correct_voice(request.actor, herself(request.actor), habit=habit, value=form.value())
    messages.success(request, "Kept. From the next draft on, this is how you write.")
    return see("chart:voice", anchor=f"habit-{habit}")


@require_POST
def uncorrect(request: Request, habit: str) -> HttpResponse:
    """Back to what is learnt."""
    drop_correction(request.actor, herself(request.actor), habit=_habit(habit).key)
    messages.success(request, "Your correction is erased.")
    return see("chart:voice", anchor=f"habit-{habit}")


@require_POST
def switch(request: Request) -> HttpResponse:
    """Off, or on again."""
    turn = switch_on if request.POST.get("is_on") == "yes" else switch_off
    turn(request.actor, SwitchAt(VOICE, herself(request.actor)))
    return see("chart:voice")


@require_POST
def erase(request: Request) -> HttpResponse:
    """Start again from what she signs from now on."""
    erase_voice(request.actor, herself(request.actor))
    messages.success(request, "Erased. Your voice is learnt from the notes you sign from now on.")
    return see("chart:voice")


def _profile(request: Request, wrong: HabitForm | None = None) -> HttpResponse:
    clinician = herself(request.actor)
    kept = voice_kept(request.actor, clinician.pk)
    samples = tuple(voice_samples(request.actor, clinician_id=clinician.pk, before=timezone.now()))
    everywhere = Around(clinician.practice_id, clinician.pk, 0, 0)
    learnt = voice_learnt(request.actor, everywhere, samples)
    habits = [_shown(habit, learnt, kept.corrections, wrong) for habit in HABITS] if learnt else []
    return page(
        request,
        "chart/voice.html",
        habits=habits,
        learnt=learnt,
        off_at=voice_off_at(request.actor, clinician),
        corrections=len(kept.corrections),
        since=kept.learns_from,
        place="voice",
    )


def _shown(
    habit: Habit, learnt: LearntVoice, corrections: dict[str, str], wrong: HabitForm | None
) -> ShownHabit:
    counted = learnt.habits[habit.key]
    value = corrections.get(habit.key, counted)
    return ShownHabit(
        key=habit.key,
        title=habit.title,
        reads=habit.reads(value),
        learnt=habit.reads(counted) if learnt.notes else "",
        is_hers=habit.key in corrections,
        remark=learnt.remarks.get(habit.key, ""),
        form=wrong if wrong and wrong.habit == habit else HabitForm(habit, now=value),
    )


def _habit(key: str) -> Habit:
    if key not in BY_KEY:
        raise Http404
    return BY_KEY[key]
