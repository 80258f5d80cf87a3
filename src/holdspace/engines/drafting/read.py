"""What was heard, as drafting may see it: speakers put right, off-record talk gone, former names known.

    turns → who is who (labels, swapped, one voice) → off the record ends here → is it English, is it enough

Everything later works on `Heard`, so what this step takes out cannot come back.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from holdspace.engines.drafting.lexicon import entries, matching, pattern
from holdspace.engines.drafting.off_record import Answer, requests
from holdspace.engines.note import Question
from holdspace.engines.transcript import CLIENT, THERAPIST, OffRecordSpan, Turn
from holdspace.errors import NotEnglish, NothingToDraft

FEWEST_WORDS = 50
"""Fewer words than this make no note."""
ENGLISH_SHARE = 0.22
"""Share of English function words under which a text is not English (running English has 0.4 to 0.6)."""
FOREIGN_WORDS = 8
"""A turn shorter than this is not judged alone."""

_GRAVE = frozenset(
    {
        "suicidal ideation",
        "self-harm",
        "homicidal ideation",
        "attempt",
        "partner violence",
        "abuse or neglect",
    }
)
"""Risk that makes a session clinical whatever else was said."""

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


@dataclass(frozen=True, slots=True)
class Heard:
    """The turns drafting may use, what must be asked, and the names that may not appear."""

    turns: tuple[Turn, ...]
    questions: tuple[Question, ...] = ()
    former_names: tuple[str, ...] = ()


def read(
    turns: Sequence[Turn],
    off_record: Iterable[OffRecordSpan] = (),
    *,
    language: str = "",
    former_names: Iterable[str] = (),
) -> Heard:
    """Read the turns once. Raises NotEnglish, or NothingToDraft where there is too little or nothing
    clinical.
    """
    spoken = tuple(t for t in turns if _WORD.search(t.text))
    _demand_enough(spoken)
    _demand_english(spoken, language)
    labelled, doubts = settle_speakers(spoken)
    kept, asked = _without_off_record(labelled, tuple(off_record))
    understood, foreign = _english_only(kept)
    _demand_clinical(understood)
    names = tuple(dict.fromkeys([*former_names, *former_names_said(understood)]))
    return Heard(understood, (*doubts, *asked, *foreign), names)


def unheard(former_names: Sequence[str] = ()) -> Heard:
    """A session in which nothing was heard, because the client declined it or nobody listened: her jottings are all."""
    return Heard((), (), tuple(dict.fromkeys(former_names)))


def on_record(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns drafting would see of a whole session: without what was said off the record. Raises NothingToDraft."""
    labelled, _ = settle_speakers(tuple(turns))
    kept, _ = _without_off_record(labelled, ())
    return kept


_NAMELESS = re.compile(r"speaker \d+")


def settle_speakers(turns: tuple[Turn, ...]) -> tuple[tuple[Turn, ...], tuple[Question, ...]]:
    """Give unknown labels a role and put swapped ones right; each guess is asked about.

    Raises NothingToDraft where several people are unknown: there a guess could tell one's story as another's.
    """
    labels = Counter(t.speaker for t in turns)
    if len(labels) == 1:
        only = tuple(replace(t, speaker=CLIENT) for t in turns)
        return only, (
            Question("Only one speaker was told apart. Please check who said what before you sign.", ()),
        )
    unnamed = [name for name in labels if _NAMELESS.fullmatch(name)]
    if len(unnamed) > 1 and len(labels) > 2:
        # One of them is the client, and taking the wrong one would tell another's story as the client's.
        raise NothingToDraft(
            "Several people were heard, and nobody has said who is who.",
            kept="What was heard is kept.",
            then="Open what was said, say who each of them is, and draft again.",
        )
    if THERAPIST not in labels:
        guess = max(labels, key=lambda name: _leading(turns, name))
        turns = _relabel(turns, {guess: THERAPIST})
        labels = Counter(t.speaker for t in turns)
        others = [name for name, _ in labels.most_common() if name != THERAPIST]
        if CLIENT not in labels:
            turns = _relabel(turns, {others[0]: CLIENT})
        return turns, (
            Question(
                f"The speakers were not named; “{guess}” was taken for the clinician. Is that right?", ()
            ),
        )
    if CLIENT in labels and _are_swapped(turns):
        swapped = _relabel(turns, {THERAPIST: CLIENT, CLIENT: THERAPIST})
        return swapped, (
            Question("The speakers seemed swapped and were read the other way round. Is that right?", ()),
        )
    if CLIENT not in labels:
        first = next(name for name, _ in labels.most_common() if name != THERAPIST)
        turns = _relabel(turns, {first: CLIENT})
    return turns, ()


def _relabel(turns: tuple[Turn, ...], names: dict[str, str]) -> tuple[Turn, ...]:
    return tuple(replace(t, speaker=names.get(t.speaker, t.speaker)) for t in turns)


def _leading(turns: Iterable[Turn], speaker: str) -> float:
    """How much this voice leads the session: it asks, says "you", uses a clinician's set phrases; not "I"
    and "my".
    """
    text = " ".join(t.text for t in turns if t.speaker == speaker)
    words = max(1, len(text.split()))
    asks = text.count("?")
    you = len(re.findall(r"\byou(?:'re|r|'ve|'d|'ll)?\b", text, re.I))
    own = len(re.findall(r"\b(?:I|my|me|I'm|I've|I'd|I'll)\b", text))
    leads = len(pattern("speech", "clinician_phrase").findall(text))
    return (2 * asks + you + 6 * leads - own) / words


def _are_swapped(turns: tuple[Turn, ...]) -> bool:
    """Only when the difference is plain: a wrong swap is worse than none."""
    return _leading(turns, CLIENT) > _leading(turns, THERAPIST) + 0.12


def _without_off_record(
    turns: tuple[Turn, ...], marked: tuple[OffRecordSpan, ...]
) -> tuple[tuple[Turn, ...], tuple[Question, ...]]:
    open_turns = tuple(t for t in turns if not _is_within(t, marked))
    spans: list[OffRecordSpan] = []
    asked: list[Question] = []
    for request in requests(open_turns):
        if request.answer is Answer.REFUSED:
            continue
        spans.append(request.span)
        if request.answer is Answer.UNCLEAR:
            first, last = request.span.first_turn + 1, request.span.last_turn + 1
            asked.append(
                Question(
                    "The client seemed to ask that something be kept out of the record, "
                    "and no clear answer was heard. "
                    f"Turns {first} to {last} are not in this draft. Should they stay out?",
                    (),
                )
            )
    return tuple(t for t in open_turns if not _is_within(t, spans)), tuple(asked)


def _is_within(turn: Turn, spans: Iterable[OffRecordSpan]) -> bool:
    return any(span.first_turn <= turn.index <= span.last_turn for span in spans)


def _demand_enough(turns: Sequence[Turn]) -> None:
    words = sum(len(t.text.split()) for t in turns)
    if words < FEWEST_WORDS:
        raise NothingToDraft(
            f"Only {words} words were heard, too few for a note.",
            then="Write the note from your jottings, or add the transcript.",
        )


def _demand_english(turns: Sequence[Turn], language: str) -> None:
    if (language and not language.lower().startswith("en")) or english_share(
        " ".join(t.text for t in turns)
    ) < ENGLISH_SHARE:
        raise NotEnglish(
            "The session is not in English, and Holdspace can draft only from English so far.",
            then="Write the note yourself; the transcript stays available until you sign.",
        )


FEWEST_FOREIGN = 3
"""Function words of another language that a turn must hold to be in it, where its words could be English too."""
_SHARED = frozenset(
    {"a", "me", "no", "he", "has", "so", "do", "an", "in", "on", "am", "us", "her", "as", "is", "we", "one"}
)
"""Function words that other languages write as well; one turn is not English for these."""


def english_share(text: str, besides: frozenset[str] = frozenset()) -> float:
    """Share of a text's words that are English function words, not counting those of `besides`."""
    words = [w.lower().replace("’", "'") for w in _WORD.findall(text)]
    known = _function_words() - besides
    return sum(w in known for w in words) / max(1, len(words))


def _function_words() -> frozenset[str]:
    return frozenset(entries("speech")["function_word"])


def _english_only(turns: tuple[Turn, ...]) -> tuple[tuple[Turn, ...], tuple[Question, ...]]:
    foreign = [t for t in turns if len(t.text.split()) >= FOREIGN_WORDS and _is_foreign(t.text)]
    if not foreign:
        return turns, ()
    places = ", ".join(str(t.index + 1) for t in foreign[:12])
    gone = {t.index for t in foreign}
    asked = Question(
        f"Part of the session was not in English (turns {places}) and is not in this draft. "
        "Is anything missing?",
        (),
    )
    return tuple(t for t in turns if t.index not in gone), (asked,)


def _is_foreign(text: str) -> bool:
    """Whether a turn is in another language: no English to speak of, or only words that language has as well."""
    words = {w.lower() for w in _WORD.findall(text)}
    others = words & set(entries("speech")["foreign_word"])
    share = english_share(text)
    if share < ENGLISH_SHARE / 2 and (others or not share):
        return True
    return len(others) >= FEWEST_FOREIGN and english_share(text, _SHARED) < ENGLISH_SHARE / 2


def _demand_clinical(turns: Sequence[Turn]) -> None:
    text = " ".join(t.text for t in turns)
    hits = {m.group(0).lower() for m in pattern("speech", "clinical").finditer(text)}
    if len(hits) < 2 and not (_GRAVE & set(matching("risk", text))):
        raise NothingToDraft(
            "Nothing clinical was heard.",
            then="If this was a session, check that the right file was chosen, or write the note yourself.",
        )


def former_names_said(turns: Iterable[Turn]) -> tuple[str, ...]:
    """Names that someone calls a former one ("my dead name, …", "that's not my name anymore")."""
    found: list[str] = []
    for turn in turns:
        for cue in pattern("speech", "former_name").finditer(turn.text):
            after = re.match(
                r"[\s,:\"“'—-]{0,6}(?:is|was|as)?[\s,\"“'—-]{0,6}([A-Z][a-zé]+)\b", turn.text[cue.end() :]
            )
            if after and after.group(1) not in ("I", "You", "Not", "She", "He", "They"):
                found.append(after.group(1))
    return tuple(dict.fromkeys(found))
