"""A certificate of destruction in plain words: what, when, under which rule, which key. Never a word of anybody's."""

from dataclasses import dataclass
from datetime import datetime

from holdspace.vault.reasons import AGE, ASKED, ENTERED_BY_MISTAKE, LAW, LEFT, SIGNED, TAKEN_BACK
from holdspace.vault.whose import CLIENT, DRAFT, HEARD, VOICE

WHAT = {
    CLIENT: "A client\u2019s record",
    HEARD: "What was heard in a session",
    DRAFT: "The draft of a session",
    VOICE: "A clinician\u2019s speaking voice",
}
RULE = {
    SIGNED: "The note was signed. What was heard goes then, and the draft with it.",
    TAKEN_BACK: "A consent was taken back. What was heard under it goes at once.",
    ASKED: "Somebody who may asked for it.",
    AGE: "The practice\u2019s schedule: it was kept as long as it may be.",
    LAW: "It was kept as long as the law asks, and the practice let it go.",
    LEFT: "The voice was not renewed in time, or the person left the practice.",
    ENTERED_BY_MISTAKE: "The client was entered by mistake; nothing else was ever kept of them.",
}
MEANS = (
    "The key named here opened what is destroyed, and nothing else did. The key is gone from this practice\u2019s "
    "records, from the files beside them and from every backup that could be reached. What copies still hold is noise."
)
REACHES = (
    "It does not reach what was printed, exported or copied before, nor a copy of the whole machine somebody else made "
    "together with the passphrase. Backups on disks that were away lose the key when they are connected again; a "
    "restore leaves it out in any case."
)


@dataclass(frozen=True, slots=True)
class Certificate:
    """One destruction, as its page and its paper show it. `about` is a session's day, where it is a session's."""

    number: int
    what: str
    about: str
    at: datetime
    rule: str
    law: str
    key_id: str


def words_of(
    number: int, kind: str, about: str, at: datetime, rule: str, law: str, key_id: str
) -> Certificate:
    """A certificate in words."""
    return Certificate(number, WHAT.get(kind, "A key"), about, at, RULE.get(rule, rule), law, key_id)
