"""Her voice, learnt from her own signed notes and nothing else, in a form she can read, correct and switch
off.

`learn` counts; it keeps no sentence of any note. `Style()` is the voice of someone we know nothing about,
and is also
what drafting uses when the profile is switched off. `profile.py` gives it to her to read and correct.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from holdspace.engines.drafting.session import Person

SHORT_FORMS: tuple[tuple[str, str], ...] = (
    ("panic attacks", "PAs"),
    ("weeks", "wks"),
    ("week", "wk"),
    ("hours", "hrs"),
    ("minutes", "min"),
    ("meeting", "mtg"),
    ("office", "ofc"),
    ("appointment", "appt"),
    ("medication", "med"),
    ("homework", "hmwk"),
    ("without", "w/o"),
    ("with", "w/"),
    ("regarding", "re:"),
    ("about", "re"),
    ("every other", "qo"),
    ("alcohol", "ETOH"),
)
"""Long and short forms; a short form is used only when she uses it herself."""

_NEVER_APPLIED = frozenset({"re", "qo"})  # read wrongly when put in by rule
_LABELS = ("Ct", "Cl", "Pt", "Client", "Patient")
_OWN_NAMES = ("this counselor", "this clinician", "this therapist", "this writer")
_SAYING = ("shared", "reported", "reports", "rpts", "voiced", "stated", "states", "noted", "says", "said")
_NARRATIVE_PAST = re.compile(r"\b(shared|reported|described|denied|voiced|stated|said|was|were)\b", re.I)
_NARRATIVE_NOW = re.compile(r"\b(shares|reports|rpts|describes|denies|states|says|is|are)\b", re.I)


@dataclass(frozen=True, slots=True)
class Style:
    """How one clinician writes. Words are counted per note; `usual_words` 0 means nothing is known.

    `label` is how the client is named ("Ct", "Client", "Walter"); `saying` the verb that introduces a report,
    in its own tense ("shared", "reports"); `own_name` how she names herself ("this clinician", "I", "").
    """

    label: str = "Client"
    is_fragments: bool = False
    is_past: bool = True
    saying: str = "reported"
    own_name: str = ""
    quote_mark: str = '"'
    short_forms: tuple[tuple[str, str], ...] = ()
    risk_short: bool = False
    will: str = "will"
    return_phrase: str = "Next session"
    score_joint: str = ", was "
    quotes_per_note: float = 1.0
    usual_words: int = 0
    is_learnt: bool = False


def learn(signed_notes: Iterable[str], client: Person | None = None) -> Style:
    """Learn a voice from signed notes. No notes: `Style()`.

    `client` gives the first name to use when her notes name people by first name.
    """
    notes = [note for note in signed_notes if note.strip()]
    if not notes:
        return Style()
    text = "\n".join(notes)
    is_fragments = _fragment_share(text) > 0.35
    is_past = len(_NARRATIVE_PAST.findall(text)) >= len(_NARRATIVE_NOW.findall(text)) and not (
        is_fragments and not re.search(r"\bdenied\b", text)
    )
    quotes = [len(re.findall(r"[\"“]|(?<!\w)'(?=\w)", note)) / 2 for note in notes]
    return Style(
        label=_label(text, client),
        is_fragments=is_fragments,
        is_past=is_past,
        saying=_saying(text, is_past=is_past),
        own_name=next((name for name in _OWN_NAMES if name in text.lower()), "I" if _says_i(text) else ""),
        quote_mark="'" if text.count('"') == 0 and re.search(r"(?<!\w)'\w", text) else '"',
        short_forms=tuple(pair for pair in SHORT_FORMS if _uses(text, pair[1])),
        risk_short=bool(re.search(r"\b(SI|HI)\b", text)),
        will="chose to" if len(re.findall(r"\bchose to\b", text)) >= len(notes) // 2 + 1 else "will",
        return_phrase=_return_phrase(text),
        score_joint=_score_joint(text),
        quotes_per_note=median(quotes),
        usual_words=round(median(len(note.split()) for note in notes)),
        is_learnt=True,
    )


def _fragment_share(text: str) -> float:
    """Share of sentences that begin with a bare verb or noun: no subject before the first finite verb."""
    body = re.sub(r"(?m)(^|(?<=\s))[A-Z][A-Za-z]{0,12}:", " ", text)
    sentences = [s for s in re.split(r"(?<=[.!?])\s+", body) if len(s.split()) > 1]
    subject = re.compile(
        r"^(she|he|they|we|i|this|there|it|client|patient|his|her|their|the|mr|ms|mrs|[A-Z][a-z]+)\b"
        r"(?:\W+\S+){0,6}?\W+(is|was|are|were|has|had|will|shared|described|reports?|reported|denied|voiced|\w+ed|\w+s)\b",
        re.I,
    )
    return sum(not subject.match(s) for s in sentences) / max(1, len(sentences))


def _label(text: str, client: Person | None) -> str:
    counts = Counter({label: len(re.findall(rf"\b{label}\b", text, re.I)) for label in _LABELS})
    label, count = counts.most_common(1)[0]
    first = client.name.split()[0] if client and client.name else ""
    if first and len(re.findall(rf"\b{re.escape(first)}\b", text)) > count:
        return first
    if count:
        return label
    return first or "Client"


def _saying(text: str, *, is_past: bool) -> str:
    counts = Counter(w for w in re.findall(r"[a-z]+", text.lower()) if w in _SAYING)
    for word, _ in counts.most_common():
        if is_past == word.endswith(("ed", "said")):
            return "Rpts" if word == "rpts" else word
    return "reported" if is_past else "reports"


def _says_i(text: str) -> bool:
    without_quotes = re.sub(r"[\"“][^\"”]*[\"”]|'[^']*'", " ", text)
    return bool(re.search(r"\bI (?!can\b)[a-z]+", without_quotes))


def _uses(text: str, short: str) -> bool:
    if short in _NEVER_APPLIED:
        return False
    return bool(re.search(rf"(?<![\w/]){re.escape(short)}(?![\w])", text))


def _return_phrase(text: str) -> str:
    if re.search(r"\bRTC\b", text):
        return "RTC"
    if re.search(r"\bWe will (meet|continue)\b", text):
        return "We will meet"
    if re.search(r"\bMeet (weekly|every)", text):
        return "Meet"
    return "Next session"


def _score_joint(text: str) -> str:
    if re.search(r"\d,? compared with \d", text):
        return ", compared with "
    if re.search(r"\d \(was \d", text):
        return " (was "
    return " (from " if re.search(r"\d \(from \d", text) else ", was "
