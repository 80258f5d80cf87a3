"""A destroyed transcript stays unreadable with every key there is, even where an old copy of its rows is put back."""

from holdspace.errors import Destroyed
from holdspace.proof.needles import of_words
from holdspace.proof.places import Decrypted, files_of_the_practice, in_files, search
from holdspace.proof.promise import Promise, Seen, demand, demand_refused
from holdspace.proof.spoken import SECRETS, TRANSCRIPT
from holdspace.proof.trial import Trial
from holdspace.proof.undone import undone
from holdspace.room.actions.sessions import accept_transcript, destroy_transcript
from holdspace.room.models import HeardSession, Session
from holdspace.room.queries import transcript
from holdspace.vault.models import Generation, SessionKey

PROMISE = Promise(
    number="1.4",
    says="A transcript that was destroyed can be read by nobody any more, not with all our keys and not from "
    "an old copy of the database.",
    tried="A transcript was kept and destroyed. Then the rows an old copy would still have, its wrapped key "
    "among them, were put back, and Holdspace was asked for it with every key it has. A transcript of the "
    "same day was read as well, to see that only the one was destroyed.",
    red="What was destroyed could be brought back. Destroy backups that hold the folders of keys, and show "
    "this report to whoever looks after the machine.",
)


def try_now(trial: Trial) -> Seen:
    """Destroy one of two transcripts, put the old rows back, ask."""
    company, worker = trial.company, trial.company.worker
    gone, stays = company.session(), company.session()
    for session in (gone, stays):
        accept_transcript(company.clinician, session, data=TRANSCRIPT.encode(), filename="said.txt")
    keys, kept, days = (
        SessionKey.objects.filter(session_id=gone.pk).values(),
        HeardSession.objects.filter(session=gone).values(),
        Generation.objects.values(),
    )
    before = [list(rows) for rows in (days, keys, kept)]
    destroy_transcript(worker, gone)
    with undone():
        for model, rows in zip((Generation, SessionKey, HeardSession), before, strict=True):
            for row in rows:
                model._base_manager.get_or_create(pk=row["id"], defaults=row)
        _demand_destroyed(trial, gone)
    said = transcript(worker, stays)
    demand(said is not None and said.turns, "The other transcript of that day cannot be read any more.")
    needles = of_words(SECRETS)
    files = files_of_the_practice()
    found = search([*in_files(files, needles), Decrypted()], needles)
    demand(not found, *map(str, found))
    return (
        "With its old rows back in place and every key that is left, the transcript did not open.",
        "The other transcript of the same day still does.",
        f"None of its words is in the {len(files)} files of the practice or the decrypted database.",
    )


def _demand_destroyed(trial: Trial, session: Session) -> None:
    demand_refused(
        lambda: transcript(trial.company.worker, session),
        Destroyed,
        "With an old copy’s rows put back, the destroyed transcript could be read.",
    )
