"""A mention: something said, by whom, of whom, and whether it was asserted, denied or only imagined.

The word is the clinical-language-processing one. (FHIR's Observation is a measured result and the O of SOAP is what
the clinician observed, so neither word is used here.) Mentions and their evidence are made in `observe` and nowhere
else; later steps choose, word, check and place them.
"""

from dataclasses import dataclass, field
from enum import StrEnum

from holdspace.engines.note import Evidence, Origin


class Kind(StrEnum):
    """What a mention is about."""

    SYMPTOM = "symptom"
    EVENT = "event"
    SCORE = "score"
    MEDICATION = "medication"
    RISK = "risk"
    SUBSTANCE = "substance"
    SLEEP = "sleep"
    INTERVENTION = "intervention"
    RESPONSE = "response"
    HOMEWORK_DONE = "homework done"
    COMMITMENT = "commitment"
    STRENGTH = "strength"
    HISTORY = "history"
    QUOTE = "quote"
    NEXT_APPOINTMENT = "next appointment"
    IMPRESSION = "impression"
    OBSERVED = "observed"
    OTHER = "other"


class Polarity(StrEnum):
    """Asserted or denied."""

    ASSERTED = "asserted"
    DENIED = "denied"


class Certainty(StrEnum):
    """How the speaker meant it."""

    FACT = "fact"
    HYPOTHETICAL = "hypothetical"
    WISH = "wish"
    JOKE = "joke"
    RETRACTED = "retracted"
    CORRECTED = "corrected"
    ORDER = "order"


class When(StrEnum):
    """When it holds, seen from the session."""

    NOW = "now"
    PAST = "past"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as said, with its unit: `Quantity("SUDS", (85.0, 40.0))` is a trajectory."""

    name: str
    values: tuple[float, ...]
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """One thing said, jotted or recorded.

    `about` is the person's role (`client`, `partner`, `sister`, …). `topic` is the canonical subject ("sertraline",
    "suicidal ideation", "grocery store exposure"). `status` refines the kind (a medication's "raised", a risk's
    "plan", an objective's id). `salience` is the reader's hint, 0 (said in passing) to 1 (a summary, a figure, a
    first time). `said` is the cleaned utterance the wording starts from, in the speaker's own person.
    """

    kind: Kind
    said: str
    evidence: tuple[Evidence, ...]
    speaker: str = "client"
    about: str = "client"
    polarity: Polarity = Polarity.ASSERTED
    certainty: Certainty = Certainty.FACT
    when: When = When.NOW
    origin: Origin = "session"
    topic: str = ""
    status: str = ""
    quantities: tuple[Quantity, ...] = field(default=())
    objective: str = ""
    salience: float = 0.5
