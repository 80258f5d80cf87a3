"""A session becomes a draft without a typed word."""

from holdspace.chart.models import NoteSentence
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial
from holdspace.room.models import Session

PROMISE = Promise(
    number="2.1",
    says="A session that was heard becomes a draft without a typed word.",
    tried="Half a minute was heard and ended, and nothing else was done. Then it was looked at what was "
    "drafted.",
    red="Sessions are heard and no draft comes of them. `holdspace doctor` says what is missing; what was "
    "heard is kept, and jottings make a note.",
)


def try_now(trial: Trial) -> Seen:
    """Hear a session; count what was drafted and what was typed."""
    heard = trial.heard()
    demand(heard.words, "Nothing was understood.")
    demand(heard.note, "The session was heard, and there is no draft.")
    drafted = NoteSentence.objects.filter(note=heard.note).count()
    demand(drafted, "The draft holds no sentence.")
    typed = len(Session.objects.get(pk=heard.session.pk).jottings)
    demand(not typed, "Something was typed, so this shows nothing.")
    words = sum(len(turn.split()) for turn in heard.words)
    return (
        f"{words} words in {len(heard.words)} turns were understood, {drafted} sentences drafted, none typed.",
    )
