"""A session of the trial of which the words are known: given as a transcript, drafted, and shown for review.

It is drafted once in a run; the promises about drafts read what came of it.
"""

import re
from dataclasses import dataclass

from django.urls import reverse

from holdspace.assist.doorway import drafting_tools_for
from holdspace.chart.models import ProgressNote
from holdspace.chart.queries import note_for_review
from holdspace.chart.rules import NoteInReview, SentenceInReview
from holdspace.engines.note import Evidence
from holdspace.errors import NotReady
from holdspace.proof.browser import Answer, Browser
from holdspace.proof.company import Company
from holdspace.proof.promise import Broken, NotTried
from holdspace.proof.spoken import JOTTINGS, TRANSCRIPT
from holdspace.proof.work import work_on
from holdspace.room.models import Session
from holdspace.room.queries import transcript

FORMAT = "DAP"
_QUOTED = re.compile(r"“([^”]*)”|\"([^\"]*)\"")


@dataclass(frozen=True, slots=True)
class Drafted:
    """The session, its note as the review shows it, and the turns it stands on by their number."""

    session: Session
    note: NoteInReview
    turns: dict[int, str]
    jottings: str
    pages: dict[str, str]
    """What its pages show, by what they are for."""

    @property
    def sentences(self) -> tuple[SentenceInReview, ...]:
        """Every sentence of the draft."""
        return tuple(sentence for section in self.note.sections for sentence in section.sentences)

    @property
    def everything(self) -> str:
        """All a draft holds: sentences, questions, what is left out, and the evidence of each."""
        sentences, questions, left_out = self.sentences, self.note.questions, self.note.left_out
        evidence = [part.evidence for part in sentences] + [part.evidence for part in questions]
        evidence += [part.evidence for part in left_out]
        texts = [part.text for part in sentences] + [part.text for part in questions]
        texts += [part.reason for part in left_out]
        return "\n".join([*texts, *(item.quote for items in evidence for item in items)])

    def source_of(self, item: Evidence) -> str:
        """What the evidence is a quote of."""
        return self.jottings if item.turn is None else self.turns.get(item.turn, "")


def own_words(text: str) -> str:
    """A sentence without what it quotes."""
    return _QUOTED.sub(" ", text)


def quotations(text: str) -> list[str]:
    """What a sentence quotes."""
    return [first or second for first, second in _QUOTED.findall(text)]


def drafting(company: Company, browser: Browser) -> Drafted:
    """Draft the session. Raises NotTried where drafting is off or the parser is not here."""
    session = company.session()
    return drafted_from(company, browser, session, TRANSCRIPT, JOTTINGS)


def drafted_from(company: Company, browser: Browser, session: Session, said: str, jotted: str) -> Drafted:
    """The draft of a session in which this was said and jotted; nothing was said where it is empty."""
    note = draft_of(company, browser, session, said, jotted)
    heard = transcript(company.clinician, session)
    review = note_for_review(company.clinician, note.pk)
    return Drafted(
        session,
        review,
        {turn.index: turn.text for turn in heard.turns} if heard else {},
        jotted,
        _pages(browser, review),
    )


def draft_of(company: Company, browser: Browser, session: Session, said: str, jotted: str) -> ProgressNote:
    """Give what was said and jotted as her page does, and have it drafted."""
    _ready(company, session)
    if said:
        _sent(browser.upload(_to("room:upload", session.pk), "said.txt", said.encode()))
    _sent(browser.post(_to("room:jottings", session.pk), {"jottings": jotted}))
    _sent(browser.post(_to("room:draft", session.pk), {"format": FORMAT}))
    work_on(session.pk)
    note = ProgressNote.objects.filter(session=session).first()
    if note is None:
        raise Broken("A draft was asked for and there is none.")
    return note


def _ready(company: Company, session: Session) -> None:
    try:
        drafting_tools_for(company.worker, session.around())
    except NotReady as error:
        raise NotTried(error.what, then=error.then) from None


def _pages(browser: Browser, note: NoteInReview) -> dict[str, str]:
    """The review's page, and the words beside each of its sentences."""
    evidence = [
        browser.get(_to("chart:evidence", note.id, sentence.id)).text
        for section in note.sections
        for sentence in section.sentences
    ]
    return {"review": browser.get(_to("chart:note", note.id)).text, "evidence": "\n".join(evidence)}


def _sent(answer: Answer) -> None:
    if answer.status >= 400:
        raise Broken(f"The session's page answered {answer.status} to the trial.")


def _to(name: str, *ids: int) -> str:
    return reverse(name, args=ids)
