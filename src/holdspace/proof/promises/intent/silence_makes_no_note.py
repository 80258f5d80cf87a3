"""From next to nothing no note is made: an error that says so, and no invented visit."""

from django.urls import reverse

from holdspace.chart.models import ProgressNote
from holdspace.errors import NothingToDraft
from holdspace.proof.promise import Broken, NotTried, Promise, Seen, demand
from holdspace.proof.trial import Trial
from holdspace.proof.work import work_on
from holdspace.room.models import DraftRun

PROMISE = Promise(
    number="3.14",
    says="From a session in which next to nothing was said no note is made up.",
    tried="A transcript of a greeting was given and a draft asked for.",
    red="Drafts are made up from nothing. Do not use them until this is mended.",
)
GREETING = (
    "Therapist: Hello. Can you hear me?\nClient: Yes. Hello. One moment, please.\nTherapist: Of course.\n"
)


def try_now(trial: Trial) -> Seen:
    """Ask for a draft of a greeting."""
    session, hers = trial.company.session(), trial.browser()
    hers.upload(reverse("room:upload", args=[session.pk]), "said.txt", GREETING.encode())
    hers.post(reverse("room:draft", args=[session.pk]), {"format": "DAP"})
    try:
        work_on(session.pk)
    except DraftRun.DoesNotExist:
        raise NotTried(
            "Drafting is switched off.", then="Switch drafting on, then run the proof again."
        ) from None
    except Broken:
        run = DraftRun.objects.filter(session=session).latest("made_at")
        demand(run.error_code == NothingToDraft.code, f"It ended with {run.error_code}.")
        demand(not ProgressNote.objects.filter(session=session).exists(), "A note was made all the same.")
        return ("No note was made; the page says that there is too little to make one of.",)
    raise Broken("A note was made of a greeting.")
