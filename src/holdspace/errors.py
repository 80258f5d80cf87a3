"""Everything that can go wrong, in one tree, each saying what happened, what was kept and what to do next.

    HoldspaceError
    ├── BadInput            the file or text given cannot be used (exit code 3)
    │   ├── NotAudio            no audio stream could be read
    │   ├── NoSpeech            audio, but nobody speaks in it
    │   ├── NotASession         a session file or transcript that cannot be read
    │   ├── NothingToDraft      too little, or nothing clinical, to make a note of
    │   └── NotEnglish          the session is in a language Holdspace cannot draft from
    ├── NotReady            something must be installed or decided first (exit code 4)
    │   ├── WeightsMissing      a model's files are not here
    │   ├── WeightsDamaged      a model's files are not the ones we expect
    │   ├── WrongPassphrase     the practice's key does not open
    │   └── SwitchedOff         the practice, clinician, client or session has this switched off
    ├── Refused             the record does not allow it (exit code 5)
    │   ├── NotAllowed          this person may not do this (pages answer 404)
    │   ├── AlreadySigned       a signed note never changes; add an addendum
    │   ├── NotReviewable       questions are still open, or there is no draft
    │   ├── AlreadyRunning      a draft is being made already
    │   ├── ConsentMissing      nobody agreed to this yet
    │   ├── Gone                it was, and is over
    │   └── Destroyed           the transcript's key is gone, as the schedule demands
    ├── LogBroken           the log of who did what is not as it was written (exit code 7)
    └── Unavailable         the machine cannot do it now (exit code 6)
        ├── DiskFull            no room left
        └── EngineFailed        a speech or language engine stopped

Views turn an error into a page, the command line into an exit code. No error carries clinical content.
"""


class HoldspaceError(Exception):
    """Base of the tree: `code` is stable, `what` happened, what was `kept`, what to do `next`."""

    code = "holdspace"
    exit_code = 1

    def __init__(self, what: str, *, kept: str = "Nothing was changed.", then: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.kept = kept
        self.then = then

    def __str__(self) -> str:
        return " ".join(part for part in (self.what, self.kept, self.then) if part)


class BadInput(HoldspaceError):
    """The file or text given cannot be used."""

    code = "bad-input"
    exit_code = 3


class NotAudio(BadInput):
    """No audio stream could be read."""

    code = "not-audio"


class NoSpeech(BadInput):
    """Audio in which nobody speaks."""

    code = "no-speech"


class NotASession(BadInput):
    """A session file or transcript that cannot be read."""

    code = "not-a-session"


class NothingToDraft(BadInput):
    """Too little, or nothing clinical, to make a note of."""

    code = "nothing-to-draft"


class NotEnglish(BadInput):
    """A session in a language Holdspace cannot draft from."""

    code = "not-english"


class NotReady(HoldspaceError):
    """Something must be installed or decided first."""

    code = "not-ready"
    exit_code = 4


class WeightsMissing(NotReady):
    """A model's files are not on this machine."""

    code = "weights-missing"


class WeightsDamaged(NotReady):
    """A model's files are not the ones we expect."""

    code = "weights-damaged"


class WrongPassphrase(NotReady):
    """The practice's key does not open."""

    code = "wrong-passphrase"


class SwitchedOff(NotReady):
    """A switch is off for this practice, clinician, client or session."""

    code = "switched-off"


class Refused(HoldspaceError):
    """The record does not allow it."""

    code = "refused"
    exit_code = 5


class NotAllowed(Refused):
    """This person may not do this; pages answer as if it did not exist."""

    code = "not-allowed"


class AlreadySigned(Refused):
    """A signed note never changes; it gets addenda."""

    code = "already-signed"


class NotReviewable(Refused):
    """Questions are still open, or there is no draft to review."""

    code = "not-reviewable"


class AlreadyRunning(Refused):
    """A draft of this session is being made already."""

    code = "already-running"


class ConsentMissing(Refused):
    """Nobody agreed to this yet."""

    code = "consent-missing"


class Gone(Refused):
    """What is asked for was, and is over."""

    code = "gone"


class EndedItself(Refused):
    """What is asked for ended although nobody ended it."""

    code = "ended-itself"


class Destroyed(Refused):
    """The transcript's key is gone, as the schedule demands."""

    code = "destroyed"


class Unavailable(HoldspaceError):
    """The machine cannot do it now."""

    code = "unavailable"
    exit_code = 6


class DiskFull(Unavailable):
    """No room left on the disk."""

    code = "disk-full"


class EngineFailed(Unavailable):
    """A speech or language engine stopped."""

    code = "engine-failed"


class LogBroken(HoldspaceError):
    """The log of who did what is not as it was written."""

    code = "log-broken"
    exit_code = 7
