"""The client says no, nothing is heard, and her jottings alone make the note: nothing is missing from that way."""

from django.urls import reverse

from holdspace.consent.actions import record_consent
from holdspace.consent.rules import NO
from holdspace.proof.drafted import drafted_from
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.spoken import JOTTED, JOTTINGS
from holdspace.proof.trial import Trial
from holdspace.room.queries import heard_from

PROMISE = Promise(
    number="2.7",
    says="A client who says no loses nothing: the session’s page works as ever, and jottings alone make a "
    "note.",
    tried="A client of the trial refused, the session’s page was opened, jottings were typed, and a draft "
    "asked for.",
    red="Without listening no draft is made. Jottings are kept; write the note by hand until this is mended.",
)


def try_now(trial: Trial) -> Seen:
    """Refuse, jot, draft."""
    company = trial.company
    session = company.session(company.together, agreed=False)
    record_consent(company.clinician, company.together, answer=NO)
    page = trial.browser().get(reverse("room:session", args=[session.pk]))
    demand(page.status == 200, f"The session’s page answered {page.status} after the client’s no.")
    drafted = drafted_from(company, trial.browser(), session, "", JOTTINGS)
    said = " ".join(sentence.text for sentence in drafted.sentences).lower()
    missing = [words for words in JOTTED if words.lower() not in said]
    demand(not missing, f"{len(missing)} of {len(JOTTED)} jottings are not in the note.")
    demand(heard_from(company.clinician, session) is None, "Something was heard all the same.")
    return (
        f"After a no, {len(JOTTED)} jottings became a note of {len(drafted.sentences)} sentences; nothing was heard.",
    )
