"""Hand-made mentions, people and voices for the tests of wording, choosing and checking."""

from holdspace.engines.drafting.mention import Certainty, Kind, Mention, Polarity, Quantity
from holdspace.engines.drafting.person import referent
from holdspace.engines.drafting.session import Person
from holdspace.engines.drafting.style import Style
from holdspace.engines.drafting.wording import Voice
from holdspace.engines.note import Evidence, Origin

RUTH = Person("client", "Ruth Amsel", "she/her")
FRAGMENTS = Style(
    label="Ct",
    is_fragments=True,
    is_past=False,
    saying="reports",
    short_forms=(("weeks", "wks"), ("week", "wk"), ("hours", "hrs"), ("with", "w/")),
    risk_short=True,
    return_phrase="RTC",
    is_learnt=True,
)
SENTENCES = Style(
    label="Client", saying="shared", own_name="this clinician", return_phrase="We will meet", is_learnt=True
)


def voice(style: Style, client: Person = RUTH, *others: Person) -> Voice:
    named = tuple((other.role, referent(other, other.name)) for other in others)
    return Voice(style, referent(client, style.label), named)


def said(
    kind: Kind,
    words: str,
    *,
    turn: int = 5,
    quote: str = "",
    speaker: str = "client",
    about: str = "client",
    polarity: Polarity = Polarity.ASSERTED,
    certainty: Certainty = Certainty.FACT,
    topic: str = "",
    status: str = "",
    quantities: tuple[Quantity, ...] = (),
) -> Mention:
    return Mention(
        kind,
        words,
        (Evidence(turn, quote or words),),
        speaker=speaker,
        about=about,
        polarity=polarity,
        certainty=certainty,
        topic=topic,
        status=status,
        quantities=quantities,
    )


def jotted(kind: Kind, words: str, origin: Origin = "jottings") -> Mention:
    return Mention(kind, words, (Evidence(None, words),), speaker="therapist", origin=origin)
