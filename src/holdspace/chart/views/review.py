"""The review: one line at a time, each beside what it stands on."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from holdspace.assist.on_record import on_record
from holdspace.assist.words import Marker, marker_for
from holdspace.chart import actions, queries
from holdspace.chart.forms import AddForm, AnswerForm, SentenceForm
from holdspace.chart.rules import DRAFT, SIGNED, NoteInReview, SentenceInReview
from holdspace.chart.views.shown import (
    ShownEvidence,
    evidence_of_question,
    evidence_of_sentence,
    shown_note,
    shown_question,
    shown_sentence,
)
from holdspace.chart.views.signed import signed_page
from holdspace.engines.transcript import Turn
from holdspace.errors import BadInput, NotAllowed
from holdspace.room.queries import session as session_by_id
from holdspace.room.queries import transcript
from holdspace.room.views.session import chosen_format
from holdspace.ui.http import Request, page, see, whole_number


@require_GET
def of_session(request: Request, session_id: int) -> HttpResponse:
    """The note of a session, wherever it stands."""
    found = queries.note_of(request.actor, session_by_id(request.actor, session_id))
    return see("chart:note", found.pk) if found else see("room:session", session_id)


@require_POST
def write(request: Request, session_id: int) -> HttpResponse:
    """Begin the note by hand."""
    held = session_by_id(request.actor, session_id)
    begun = actions.write_note(request.actor, held, note_format=chosen_format(request))
    return see("chart:note", begun.pk)


@require_GET
def note(request: Request, note_id: int) -> HttpResponse:
    """A note: its review while it is unsigned, afterwards the note as signed. `?at=` chooses a line."""
    found = queries.note(request.actor, note_id)
    if found.state == SIGNED:
        return signed_page(request, note_id)
    if found.state == DRAFT and found.clinician_id == request.actor.clinician_id:
        actions.begin_review(request.actor, found)
    reviewed = queries.note_for_review(request.actor, note_id)
    mark, at = _marker(request, reviewed), request.GET.get("at", "")
    return page(
        request,
        "chart/review.html",
        page=shown_note(reviewed, mark),
        chosen=whole_number(at),
        evidence=_evidence_at(request, reviewed, at, mark),
        is_own=found.clinician_id == request.actor.clinician_id,
        jottings="" if reviewed.is_drafted else found.session.jottings,
        place="today",
    )


@require_GET
def sentence(request: Request, note_id: int, sentence_id: int) -> HttpResponse:
    """One sentence as it stands."""
    return _line(request, note_id, sentence_id)


@require_GET
def evidence(request: Request, note_id: int, sentence_id: int) -> HttpResponse:
    """What a sentence stands on."""
    reviewed = queries.note_for_review(request.actor, note_id)
    found = _find(reviewed, sentence_id)
    shown = evidence_of_sentence(found, _turns(request, reviewed), _marker(request, reviewed))
    return page(request, "chart/review/evidence.html", evidence=shown)


@require_GET
def question_evidence(request: Request, note_id: int, question_id: int) -> HttpResponse:
    """What raised a question."""
    reviewed = queries.note_for_review(request.actor, note_id)
    shown = _of_question(request, reviewed, question_id)
    return page(request, "chart/review/evidence.html", evidence=shown)


@require_POST
def keep(request: Request, note_id: int, sentence_id: int) -> HttpResponse:
    """Keep a sentence as it is."""
    found = queries.sentence(request.actor, note_id, sentence_id)
    actions.keep_sentence(request.actor, found.note, sentence=found)
    return _changed(request, note_id, sentence_id)


@require_POST
def strike(request: Request, note_id: int, sentence_id: int) -> HttpResponse:
    """Take a sentence out."""
    found = queries.sentence(request.actor, note_id, sentence_id)
    actions.strike_sentence(request.actor, found.note, sentence=found)
    return _changed(request, note_id, sentence_id)


@require_POST
def restore(request: Request, note_id: int, sentence_id: int) -> HttpResponse:
    """Back to what the draft said."""
    found = queries.sentence(request.actor, note_id, sentence_id)
    actions.restore_sentence(request.actor, found.note, sentence=found)
    return _changed(request, note_id, sentence_id)


@require_http_methods(["GET", "POST"])
def edit(request: Request, note_id: int, sentence_id: int) -> HttpResponse:
    """A sentence in her hands, then in her words."""
    found = queries.sentence(request.actor, note_id, sentence_id)
    form = SentenceForm(request.POST or None, initial={"text": found.text, "was": found.text})
    if form.is_valid():
        actions.edit_sentence(request.actor, found.note, sentence=found, **form.cleaned_data)
        return _changed(request, note_id, sentence_id)
    template = "chart/review/edit.html" if request.htmx else "chart/edit.html"
    return page(request, template, note_id=note_id, sentence_id=sentence_id, form=form)


@require_POST
def add(request: Request, note_id: int) -> HttpResponse:
    """A sentence of her own."""
    form = AddForm(request.POST)
    if not form.is_valid():
        raise BadInput("A sentence cannot be empty.")
    found = queries.note(request.actor, note_id)
    added = actions.add_sentence(request.actor, found, **form.cleaned_data)
    return _changed(request, note_id, added.pk)


@require_POST
def put_back(request: Request, note_id: int, left_out_id: int) -> HttpResponse:
    """Put something left out into the note, and show it there."""
    found = queries.left_out(request.actor, note_id, left_out_id)
    sentence = actions.put_back(request.actor, found.note, left_out=found)
    return see("chart:note", note_id, query=f"at={sentence.pk}", anchor=f"sentence-{sentence.pk}")


@require_POST
def answer(request: Request, note_id: int, question_id: int) -> HttpResponse:
    """Answer a question, set it aside, or open it again."""
    found = queries.question(request.actor, note_id, question_id)
    act, form = request.POST.get("act"), AnswerForm(request.POST)
    if act == "set_aside":
        actions.set_question_aside(request.actor, found.note, question=found)
    elif act == "open":
        actions.answer_question(request.actor, found.note, question=found, text="")
    elif form.is_valid():
        actions.answer_question(request.actor, found.note, question=found, text=form.cleaned_data["text"])
    else:
        raise BadInput("There is no answer yet.", then="Write one, or set the question aside.")
    if not request.htmx:
        return see("chart:note", note_id, anchor=f"question-{question_id}")
    reviewed = queries.note_for_review(request.actor, note_id)
    settled = next(q for q in reviewed.questions if q.id == question_id)
    shown = shown_note(reviewed, _marker(request, reviewed))
    return page(request, "chart/review/settled.html", page=shown, question=shown_question(settled))


def _changed(request: Request, note_id: int, sentence_id: int) -> HttpResponse:
    if not request.htmx:
        return see("chart:note", note_id, query=f"at={sentence_id}", anchor=f"sentence-{sentence_id}")
    return _line(request, note_id, sentence_id)


def _line(request: Request, note_id: int, sentence_id: int) -> HttpResponse:
    reviewed = queries.note_for_review(request.actor, note_id)
    mark = _marker(request, reviewed)
    return page(
        request,
        "chart/review/changed.html",
        page=shown_note(reviewed, mark),
        sentence=shown_sentence(_find(reviewed, sentence_id), mark),
        chosen=None,  # the page knows which line is chosen now: she may have gone on already
    )


def _evidence_at(request: Request, reviewed: NoteInReview, at: str, mark: Marker) -> ShownEvidence | None:
    number = whole_number(at.removeprefix("q"))
    if number is None:
        return None
    if at.startswith("q"):
        return _of_question(request, reviewed, number)
    return evidence_of_sentence(_find(reviewed, number), _turns(request, reviewed), mark)


def _of_question(request: Request, reviewed: NoteInReview, question_id: int) -> ShownEvidence:
    found = next((q for q in reviewed.questions if q.id == question_id), None)
    if found is None:
        raise NotAllowed("There is no such record.")
    return evidence_of_question(found, _turns(request, reviewed))


def _find(reviewed: NoteInReview, sentence_id: int) -> SentenceInReview:
    lines = (line for section in reviewed.sections for line in section.sentences)
    found = next((line for line in lines if line.id == sentence_id), None)
    if found is None:
        raise NotAllowed("There is no such record.")
    return found


def _turns(request: Request, reviewed: NoteInReview) -> tuple[Turn, ...]:
    """What the note quotes, and what was said around it, but for what was said off the record."""
    session = session_by_id(request.actor, reviewed.session_id)
    heard = transcript(request.actor, session)
    if heard is None:
        return ()
    parts = [line for section in reviewed.sections for line in section.sentences]
    stands_on = [part.evidence for part in parts] + [question.evidence for question in reviewed.questions]
    quoted = {item.turn for evidence in stands_on for item in evidence}
    shown = quoted | on_record(request.actor, session.around(), heard.turns)
    return tuple(turn for turn in heard.turns if turn.index in shown)


def _marker(request: Request, reviewed: NoteInReview) -> Marker:
    return marker_for(request.actor, session_by_id(request.actor, reviewed.session_id).around())
