"""Word a mention in her voice, by rule: what was said, in the third person, as she would write it.

Every wording here comes from the mention's own words or from its checked fields (a score's values, a denied
risk's
topic). `TemplatePhraser` needs no model; `phrase_model.ModelPhraser` starts from its wording.
"""

import re
from collections.abc import Callable, Iterable
from typing import Protocol

from spacy.tokens import Doc

from holdspace.engines.drafting.clean import clean, sentence_start
from holdspace.engines.drafting.figures import with_figures
from holdspace.engines.drafting.mention import Certainty, Kind, Mention, Polarity
from holdspace.engines.drafting.people import OTHER
from holdspace.engines.drafting.person import named
from holdspace.engines.drafting.phrase_fields import (
    LONGEST_QUOTE,
    ROUND_HUNDRED,
    affirmed,
    denied,
    dose_change,
    intervention,
    next_appointment,
    quoted,
    score,
    sentence_case,
)
from holdspace.engines.drafting.retell import has_listener, retell
from holdspace.engines.drafting.spoken_numbers import numbers_said
from holdspace.engines.drafting.standing import content_words, is_only_when, is_person_unclear, stands
from holdspace.engines.drafting.style import Style
from holdspace.engines.drafting.wording import Chosen, Proposed, Voice, is_prescribing
from holdspace.engines.note import Sentence

_WILL = re.compile(
    r"^(?:(?:she|he|they|ze|xe|ey|I)\b\s*)?(?:(?:guess|guesses|think|thinks|thought)\s+(?:she|he|they)\s+)?"
    r"(?:will(?: try to)?|(?:is|are) going to|can|could|would|(?:is|are) planning to|plans? to|agree[sd]? to)"
    r"\s+(?=\w)",
    re.I,
)
_MAY = re.compile(
    r"^(?:(?:she|he|they)\s+)?(?:(?:thinks?|thought)\s+(?:she|he|they)\s+)?(?:might|may)\s+"
    r"|^maybe (?:she|he|they) (?:(?:will|can|could) )?(?=\w)",
    re.I,
)


_GRAVE = re.compile(r"suicid|self-harm|homicid|attempt|hallucin|paranoi|intent", re.I)
_UNNAMED = "?"
_KEPT = frozenset({Kind.RISK, Kind.MEDICATION, Kind.COMMITMENT})
_AGREED_TIME = re.compile(r"same time,? (?:next|on) \w+day", re.I)
_HEADED = re.compile(r"[A-Z][a-z]+: ")
_RISK_TITLE = {
    "suicide attempts": "Suicide attempt",
    "other suicide attempts": "Suicide attempt",
    "access to firearms": "Means",
    "protective factor": "Protective",
}
"""What stands before the client's own words, where they do not say what they are about."""
_SAY = re.compile(
    r"^(?:so,? )?(?:i'd |let's |i would )?say,? (?=(?:you|you've|you'll|we|he|she|they)\b)", re.I
)
_DONE_FORM = re.compile(r"(?:said|had|went|told|did|was|were|got|came|took|\w{3,}ed)\b")
_SELF = "\x01"
_OWN_SUBJECT = re.compile(rf"((?:^|[.?!]\s+)){_SELF}\w+ (?:(?:is|are) (?=\w+ing\b))?")


class Phraser(Protocol):
    """Words one mention in a voice. May word; can make no evidence."""

    def phrase(self, mention: Mention, voice: Voice) -> str:
        """The sentence for a mention, first letter and closing stop included."""
        ...


def phrase(chosen: Iterable[Chosen], voice: Voice, phraser: Phraser) -> tuple[Proposed, ...]:
    """Propose a sentence per choice, its evidence attached unchanged."""
    proposed = []
    for choice in chosen:
        text = phraser.phrase(choice.mention, voice)
        if text:
            sentence = Sentence(text, choice.mention.origin, choice.mention.evidence)
            proposed.append(Proposed(choice, sentence))
    return tuple(proposed)


class TemplatePhraser:
    """Wording by rule alone. Same mention and voice, same sentence, whatever stands around it."""

    def __init__(self, parser: Callable[[str], Doc]) -> None:
        self._parser = parser

    def phrase(self, mention: Mention, voice: Voice) -> str:
        """Word a mention; "" when nothing sayable is left of it."""
        if mention.origin != "session":
            return sentence_case(_as_jotted(mention.said))
        text = _with_present_name(self._by_kind(mention, voice), voice)
        return sentence_case(_shorten(text, voice.style)) if text else ""

    def _by_kind(self, mention: Mention, voice: Voice) -> str:
        if is_screened_denial(mention):
            return denied(mention, voice)
        if mention.kind is Kind.RISK and mention.status == "affirmed":
            return affirmed(mention, voice)
        if mention.kind is Kind.SCORE and mention.quantities:
            return score(mention.quantities, voice.style)
        if mention.kind is Kind.QUOTE or mention.certainty is Certainty.ORDER:
            return quoted(mention.said, voice, mention.speaker)
        if mention.kind is Kind.NEXT_APPOINTMENT or _AGREED_TIME.fullmatch(clean(mention.said)):
            return next_appointment(mention, voice.style)
        if mention.kind is Kind.INTERVENTION:
            return intervention(mention, voice.style)
        if mention.kind is Kind.MEDICATION and (dosed := dose_change(mention, voice.written)):
            return dosed
        return self._told(mention, voice)

    def _told(self, mention: Mention, voice: Voice) -> str:
        """Retell the utterance; where the third person cannot carry it ("you"), quote it instead."""
        if mention.speaker == "therapist":
            return self._told_by_therapist(mention, voice)
        doc = self._without_address(clean(mention.said), voice.written)
        other = _other_subject(doc, mention, voice) if len(doc) else _UNNAMED
        if not len(doc):
            return ""
        if (instead := _instead(mention, doc, other, voice)) is not None:
            return instead
        text = retell(doc, voice.of(mention.speaker), mark=_SELF)
        if voice.style.is_fragments and mention.speaker == "client" and mention.kind is not Kind.COMMITMENT:
            text = _OWN_SUBJECT.sub(r"\1", text)
        text = _recapital(text.replace(_SELF, ""))
        if other:
            return f"{other}{text[len(doc[0].text) :]}"
        if mention.kind is Kind.COMMITMENT:
            return _commitment(text, voice, mention.speaker)
        return _introduce(_with_topic(_without_scraps(text, mention), mention), mention, voice)

    def _without_address(self, spoken: str, written: frozenset[str]) -> Doc:
        """The utterance without sentences spoken to the clinician that carry no figure, if any is left."""
        pieces = re.split(r"(?<=[\w?])\. (?=[A-Z\"])", _figures(spoken, written))
        kept = [p for p in pieces if not has_listener(self._parser(p)) or re.search(r"\d", p)]
        return self._parser(". ".join(kept or pieces) if spoken else "")

    def _told_by_therapist(self, mention: Mention, voice: Voice) -> str:
        """The clinician's own turn: her "you" is the client, her "I" is herself."""
        own = named(voice.style.own_name if voice.style.own_name not in ("", "I") else "this clinician")
        doc = self._parser(_figures(_SAY.sub("", clean(mention.said)), voice.written))
        if not len(doc) or (
            mention.kind is not Kind.COMMITMENT
            and (_speaks_as_i(doc) or not (stands(doc, mention.kind) or _is_figures(mention)))
        ):
            return ""
        text = _recapital(retell(doc, own, voice.client))
        return (
            _commitment(text, voice, "client")
            if mention.kind is Kind.COMMITMENT
            else _with_topic(text, mention)
        )


def _without_scraps(text: str, mention: Mention) -> str:
    """Without one-word sentences ("Monday.", "Washed.") and bare numbers, which say nothing once they stand alone.

    An answer that is worded under its topic ("Sleep: 5.5") or that is always kept stands as it is.
    """
    if mention.kind in _KEPT or mention.kind in (Kind.SLEEP, Kind.SUBSTANCE):
        return text
    pieces = re.split(r"(?<=[.?!])\s+", text)
    return " ".join(p for p in dict.fromkeys(pieces) if re.search(r"[^\W\d_]{2,}", p) and len(p.split()) > 1)


def _instead(mention: Mention, doc: Doc, other: str, voice: Voice) -> str | None:
    """What stands where retelling would mislead: the speaker's own words, or "" for nothing; None to retell."""
    unclear = not other and is_person_unclear(doc, voice.of(mention.speaker).subject)
    if has_listener(doc) or other == _UNNAMED or _is_grave(mention) or unclear:
        return _quoted_short(mention, doc, voice)
    if _takes_topic(mention) or stands(doc, mention.kind):
        return None
    is_kept = mention.kind in _KEPT and not is_only_when(doc) and len(doc) > 2
    return _quoted_short(mention, doc, voice) if is_kept else ""


def _quoted_short(mention: Mention, doc: Doc, voice: Voice) -> str:
    """In the speaker's own words when they say something and are short enough to read."""
    if not content_words(doc) or len(mention.said.split()) > LONGEST_QUOTE[mention.kind in _KEPT]:
        return ""
    title, words = _titled(mention)
    return title + quoted(words, voice, mention.speaker)


def _titled(mention: Mention) -> tuple[str, str]:
    """What stands before a quotation that does not say what or whom it is about, and the words to quote."""
    said = mention.said
    if mention.about not in ("client", mention.speaker) and re.match(r"(?:he|she|they)\b", clean(said), re.I):
        return f"{_of_whom(mention)}: ", said
    headed = _HEADED.match(said)
    if mention.kind is Kind.RISK and not headed and (title := _RISK_TITLE.get(mention.topic)):
        return f"{title}: ", said
    if mention.kind is Kind.MEDICATION and mention.topic and mention.topic.lower() not in said.lower():
        return f"{sentence_start(mention.topic)}: ", said
    return (headed.group(0), said[headed.end() :]) if headed else ("", said)


def _of_whom(mention: Mention) -> str:
    """Whom a quoted "he" or "she" is: the name its question gave, the role, or only that it is another person."""
    asked = " ".join(e.quote for e in mention.evidence if e.quote.endswith("?"))
    if name := re.search(r"(?<=[a-z,] )[A-Z][a-z]+\b", asked):
        return f"Of {name.group(0)}"
    return "Of another person" if mention.about == OTHER else f"Of the client's {mention.about}"


def _is_figures(mention: Mention) -> bool:
    """A summary of two figures ("from three hours down to forty minutes a day") stands without a subject."""
    return mention.status == "recap" and mention.kind is Kind.SCORE and len(numbers_said(mention.said)) > 1


def _speaks_as_i(doc: Doc) -> bool:
    """The clinician's own "I" as a subject: often the client's belief, read out to them."""
    return any(t.lower_ == "i" and t.dep_ in ("nsubj", "nsubjpass") for t in doc)


def _takes_topic(mention: Mention) -> bool:
    return mention.kind in (Kind.MEDICATION, Kind.SUBSTANCE) and bool(mention.topic)


def _figures(text: str, written: frozenset[str]) -> str:
    """Figures for spoken numbers; "eight hundred" stays in words, as it was said, unless her record writes 800."""
    parts = ROUND_HUNDRED.split(text)
    return "".join(_hundred(part, written) if n % 2 else with_figures(part) for n, part in enumerate(parts))


def _hundred(words: str, written: frozenset[str]) -> str:
    figure = f"{numbers_said(words)[0].value:g}"
    return figure if figure in written else words


def is_screened_denial(mention: Mention) -> bool:
    """Whether this is a risk or a symptom asked about and denied, which a note states by its topic alone."""
    is_asked = mention.kind is Kind.RISK or (mention.kind is Kind.SYMPTOM and mention.status == "screened")
    return (
        is_asked
        and mention.origin == "session"
        and mention.polarity is Polarity.DENIED
        and bool(mention.topic)
        and mention.status in ("", "screened")
    )


def _as_jotted(said: str) -> str:
    """Her words, only the exclamation marks of haste turned into a stop."""
    return re.sub(r"!+", ".", said.strip()).replace("..", ".").strip()


def _commitment(text: str, voice: Voice, speaker: str) -> str:
    style = voice.style
    action, tentative = _WILL.sub("", text), False
    if _MAY.match(text):
        action, tentative = _MAY.sub("", text), True
    if len(action.split()) < 2 or (action != text and _DONE_FORM.match(action)):
        return ""
    if action == text:
        return text
    if tentative:
        return f"may {action}" if style.is_fragments else f"{voice.of(speaker).label} may {action}"
    if style.is_fragments:
        return action
    negated = action.startswith("not ")
    will = "will" if negated and style.will == "will" else style.will
    return f"{voice.of(speaker).label} {will} {action}"


def _with_topic(text: str, mention: Mention) -> str:
    """Put the subject before an answer that leaves it out: "5 hours maybe" → "Sleep: 5 hours maybe"."""
    topic = (
        mention.topic
        if mention.kind in (Kind.MEDICATION, Kind.SUBSTANCE)
        else "sleep" * (mention.kind is Kind.SLEEP)
    )
    if mention.kind is Kind.SLEEP and not re.match(r"(?:about |maybe )?\d", text):
        return text
    if (
        not topic
        or topic.lower()[:5] in text.lower()
        or re.search(r"\b(sle[ep]+|slept|woke|wak\w+|bed|nap)\b", text, re.I)
    ):
        return text
    return f"{sentence_start(topic)}: {text}"


def _introduce(text: str, mention: Mention, voice: Voice) -> str:
    """Name a speaker who is not the client: their "he" would be read as the client's."""
    if mention.speaker == "client":
        return text
    who = voice.of(mention.speaker)
    subject = re.match(rf"{who.subject} ", text, re.I)
    return f"{who.label} {text[subject.end() :]}" if subject else f"{who.label}: {text}"


def _other_subject(doc: Doc, mention: Mention, voice: Voice) -> str:
    """Who a leading "she" or "he" is: the role the mention is about, or unnamed; "" if it begins otherwise.

    Retold as it stands, the pronoun would read as the client.
    """
    if mention.kind is Kind.QUOTE or doc[0].lower_ not in ("she", "he", "they"):
        return ""
    if any(t.ent_type_ == "PERSON" for t in doc):
        return ""
    if is_prescribing(mention):
        return "the prescriber"
    if mention.about in ("client", OTHER, mention.speaker):
        return _UNNAMED
    known = dict(voice.others).get(mention.about)
    if known is None and not re.search(rf"\b{re.escape(mention.about)}\b", _quotes(mention), re.I):
        return _UNNAMED  # the role is a guess from what was said earlier
    return known.label if known else f"{voice.of(mention.speaker).possessive} {mention.about}"


def _quotes(mention: Mention) -> str:
    return " ".join(e.quote for e in mention.evidence)


def _is_grave(mention: Mention) -> bool:
    """What was said of dying or harm stands in the speaker's own words: softened or garbled it misleads."""
    return mention.kind is Kind.RISK and _GRAVE.search(f"{mention.topic} {mention.status}") is not None


def _with_present_name(text: str, voice: Voice) -> str:
    """A former name never appears; the client's own label stands in its place."""
    for name in voice.former_names:
        text = re.sub(rf"\b{re.escape(name)}\b", voice.client.label, text, flags=re.I)
    return text


def _recapital(text: str) -> str:
    """Capitals after a stop, and "I" nowhere but in names."""
    return re.sub(r"([.?!]\s+)([a-z])", lambda m: m.group(1) + m.group(2).upper(), text)


def _shorten(text: str, style: Style) -> str:
    """Her own short forms, outside quotation marks."""
    parts = re.split(r"(\"[^\"]*\"|“[^”]*”|(?<=[:,] )'.*'$)", text)
    for at in range(0, len(parts), 2):
        for long, short in style.short_forms:
            parts[at] = re.sub(rf"\b{long}\b", short, parts[at])
    return "".join(parts)
