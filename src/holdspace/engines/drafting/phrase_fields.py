"""Word a mention from its checked fields: a score's values, a denied risk's topic, a dose and what became of it."""

import re

from holdspace.engines.drafting.clean import clean, sentence_start
from holdspace.engines.drafting.figures import with_figures
from holdspace.engines.drafting.mention import Mention, Quantity
from holdspace.engines.drafting.style import Style
from holdspace.engines.drafting.wording import Voice

RISK_SHORT = {"suicidal ideation": "SI", "homicidal ideation": "HI", "self-harm": "self-harm"}
"""Risk topics and the short form used by those who write "SI/HI" themselves."""


_WITHIN = re.compile(
    r"suds|belief|confiden|importan|readiness|willing|craving|urge|distress|pain|mood|anxiety|tension", re.I
)
"""Ratings that move within a session ("85 to 40"); any other change is between sessions ("11, was 14")."""


_WHEN = re.compile(
    r"(?:(?:this|next|every|the following)\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"(?:,? the \d+\w\w)?"
    r"|\b(?:in|every) (?:a|one|\d|two|three|four|other)\s?(?:weeks?|months?|week)?|\bnext week\b|\bweekly\b"
    r"|\b(?:the )?\d{1,2}(?:st|nd|rd|th)\b"
    r"|\b(?:at )?(?:\d{1,2}(?::\d\d)?|ten|nine|noon)(?: ?(?:am|pm|o'clock)| after \w+| thirty)"
    r"|\bat \d{1,2}(?::\d\d)?\b|\btomorrow\b"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october"
    r"|november|december) \d+\w*",
    re.I,
)


_DOSED = {
    "raised": "raised",
    "increased": "raised",
    "lowered": "lowered",
    "decreased": "lowered",
    "started": "started",
    "unchanged": "unchanged",
}


LONGEST_QUOTE = (25, 70)
"""Words a quotation that stands in for a retelling may have; the second for what is always kept."""


ROUND_HUNDRED = re.compile(
    r"\b((?:two|three|four|five|six|seven|eight|nine|twelve|fifteen) hundred)\b(?!,? and\b)(?! \w+ty\b)", re.I
)


_QUOTE_OPENING = re.compile(
    r"^(?:(?:and|but|so|well|oh|you know|uh|um|yeah|yes|i mean|i guess|like)\b,?\s*)+", re.I
)


MOST_INTERVENTIONS = 6


def sentence_case(text: str) -> str:
    """First letter capital, one closing stop."""
    text = re.sub(r"\s+", " ", text).strip(" ,;")
    text = sentence_start(text)
    return text if re.search(r"[.?!][\"'”’]?$", text) else text + "."


def denied(mention: Mention, voice: Voice) -> str:
    """A screened denial in her words and short forms ("Denies SI/HI")."""
    style = voice.style
    topics = [t.strip() for t in mention.topic.split(";") if t.strip()]
    topics.sort(key=lambda topic: list(RISK_SHORT).index(topic) if topic in RISK_SHORT else len(RISK_SHORT))
    if style.risk_short:
        topics = [RISK_SHORT.get(t, t) for t in topics]
    listed = _listed(topics, "or" if not style.risk_short else "/")
    verb = "denied" if style.is_past else "denies"
    who = _named(mention.about, voice)
    return (
        sentence_case(f"{verb} {listed}")
        if style.is_fragments and mention.about == "client"
        else f"{who} {verb} {listed}"
    )


def affirmed(mention: Mention, voice: Voice) -> str:
    """A risk asked about and affirmed: its topic, and the answer in the speaker's own words."""
    topic = RISK_SHORT.get(mention.topic, mention.topic) if voice.style.risk_short else mention.topic
    answer = clean(mention.said)
    if not re.search(r"\w{3,}", answer) or len(mention.said.split()) > LONGEST_QUOTE[True]:
        verb = "affirmed" if voice.style.is_past else "affirms"
        return (
            f"{verb} {topic}"
            if voice.style.is_fragments
            else f"{_named(mention.about, voice)} {verb} {topic}"
        )
    return f"{sentence_start(topic)} affirmed: {quoted(mention.said, voice, mention.speaker)}"


def _listed(items: list[str], joint: str) -> str:
    if joint == "/" and items[:2] == ["SI", "HI"]:
        return ", ".join(["SI/HI", *items[2:]])
    return (
        ", ".join(items) if joint == "/" or len(items) < 2 else f"{', '.join(items[:-1])} {joint} {items[-1]}"
    )


def _named(role: str, voice: Voice) -> str:
    return voice.of(role).label if role == "client" or role in dict(voice.others) else f"Client's {role}"


def score(quantities: tuple[Quantity, ...], style: Style) -> str:
    """Scores with their earlier values, in her notation."""
    return "; ".join(_one_score(quantity, style) for quantity in quantities)


def _one_score(quantity: Quantity, style: Style) -> str:
    values = [f"{value:g}{'%' if quantity.unit in ('%', 'percent') else ''}" for value in quantity.values]
    unit = f" {quantity.unit}" if quantity.unit and quantity.unit not in ("%", "percent") else ""
    verb = " " if style.is_fragments else " was "
    if len(values) == 1:
        return f"{quantity.name}{verb}{values[0]}{unit}"
    if not _WITHIN.search(quantity.name):
        closing = ")" if "(" in style.score_joint else ""
        return f"{quantity.name}{verb}{values[-1]}{unit}{style.score_joint}{values[0]}{closing}"
    changed = " " if style.is_fragments else " went from "
    return f"{quantity.name}{changed}{' to '.join(values)}{unit}"


def quoted(said: str, voice: Voice, speaker: str) -> str:
    """The speaker's own words in her quotation marks."""
    words = re.sub(r"\[[^\]]*\]\s*", "", said).strip().rstrip(".,")
    words = _QUOTE_OPENING.sub("", words) or words
    words = words[:1].upper() + words[1:] + "." * (words[-1:] not in ("?", "!"))
    mark = voice.style.quote_mark
    inner = words.replace('"', "'") if mark == '"' else words.replace('"', "“")
    if voice.style.is_fragments:
        return f"{voice.of(speaker).label}: {mark}{inner}{mark}"
    return f"{voice.of(speaker).label} said, {mark}{inner}{mark}"


def next_appointment(mention: Mention, style: Style) -> str:
    """The next appointment as settled; "" where no day or time was."""
    settled = ". ".join(dict.fromkeys([mention.said, *(e.quote for e in mention.evidence)]))
    found = [m.group(0).strip() for m in _WHEN.finditer(with_figures(settled))]
    seen = list(
        {
            part.lower(): re.sub(r"^(?:The|Next|This|At|In|Every)\b", lambda m: m.group(0).lower(), part)
            for part in found
            if part
        }.values()
    )
    seen = [
        p for p in seen if not any(p != o and (_hour(p) in o.lower() or p.lower() in o.lower()) for o in seen)
    ] or seen
    days = [p for p in seen if re.search(r"day\b", p)]
    when = ", ".join(p for p in seen if p not in days[1:] or "today" in p)
    if re.search(r"\bsame time\b", settled, re.I):
        when = f"{when}, same time" if when else "same time"
    lead = {"RTC": "RTC", "Meet": "Meet next", "We will meet": "We will meet"}.get(
        style.return_phrase, "Next session"
    )
    return re.sub(r"\bnext,? next\b", "next", f"{lead} {when}".strip(), flags=re.I) if when else ""


def _hour(part: str) -> str:
    """ "at 2" bare, so that it is told once beside "2 o'clock"."""
    found = re.fullmatch(r"at (\d+)", part.lower())
    return f"{found.group(1)} o'clock" if found else part.lower()


def intervention(mention: Mention, style: Style) -> str:
    """The interventions in one line."""
    named = mention.topic or clean(mention.said)
    parts = [part.strip() for part in named.split(";") if part.strip()][:MOST_INTERVENTIONS]
    listed = _listed(parts, "and")
    if re.match(r"\w+ed\b|used\b|did\b|built\b|taught\b|set\b|made\b", listed):
        return listed if style.is_fragments or not style.own_name else f"{style.own_name} {listed}"
    if style.is_fragments:
        return f"Interventions: {listed}"
    return f"{style.own_name} used {listed}" if style.own_name else f"Interventions: {listed}"


def dose_change(mention: Mention, written: frozenset[str]) -> str:
    """The change of a dose as drug, from, to; "" unless all three are certain or the utterance names the
    drug itself.
    """
    drug, verb = mention.topic, _DOSED.get(mention.status)
    doses = mention.quantities[0] if mention.quantities else None
    if not drug or not verb or doses is None or (drug.lower() in mention.said.lower() and verb == "started"):
        return ""
    unit = f" {doses.unit}" if doses.unit else ""
    by = re.search(r"\bDr\. [A-Z]\w+", " ".join([mention.said, *(e.quote for e in mention.evidence)]))
    whom = f" by {by.group(0)}" if by else ""
    spoken = " ".join(e.quote for e in mention.evidence)
    values = [_dose(value, spoken, written) for value in doses.values]
    if len(values) > 1:
        return f"{drug} {verb} from {values[0]} to {values[-1]}{unit}{whom}"
    return (
        f"{drug} {verb} at {values[0]}{unit}{whom}"
        if verb in ("unchanged", "started")
        else f"{drug} {verb} to {values[0]}{unit}{whom}"
    )


def _dose(value: float, spoken: str, written: frozenset[str]) -> str:
    """A dose in figures, but a round hundred that was only said in words stays in words."""
    said = next(
        (m.group(1) for m in ROUND_HUNDRED.finditer(spoken) if with_figures(m.group(1)) == f"{value:g}"), ""
    )
    is_word = said and f"{value:g}" not in spoken and f"{value:g}" not in written
    return said.lower() if is_word else f"{value:g}"
