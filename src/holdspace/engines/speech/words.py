"""From spans of speech to words: pack spans into stretches, agree on the language, believe only what was
spoken.

Whisper invents phrases in silence, and therapy is full of silence. So long silences never reach it, and a
word that lies on no speech is dropped however sure the recogniser is of it.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from holdspace.engines.speech.holes import fill_holes
from holdspace.engines.speech.port import Heard, Recogniser, Samples, Span
from holdspace.engines.transcript import Word

LONGEST_S = 28.0
"""A stretch fits into Whisper's window of 30 s with room at its ends."""
WIDEST_GAP_S = 1.5
"""Spans closer than this are heard together: context helps, silence does not."""
POLLED = 3
"""Stretches that are asked for their language before all are heard in it."""
TOLERANCE_S = 0.15
"""How far off Whisper's word times are, as a rule."""
BRIEF_S = 0.8
UNSURE = 0.3
"""A word heard alone in less than BRIEF_S of speech must be likelier than this: a breath becomes "you"."""
TAIL_S, TAIL_UNSURE = 0.45, 0.5
"""What begins this close to the end of a stretch and is no surer than this was never said: the sound was cut there."""
LONGEST_TAIL = 2
"""Words that an invented sentence at the end has at most."""

LEAST_LOST, LOST = 2, 0.3
"""Words, and share of the words, by which a second hearing must be poorer in a span to be disbelieved there: a word or
two of difference is its better judgement."""

SoundOf = Callable[[Span], Samples]


@dataclass(frozen=True, slots=True)
class Hearing:
    """All words of a recording, timed from its start, and the language most of it is in."""

    words: tuple[Word, ...]
    language: str


def recognise(
    spans: Sequence[Span],
    sound_of: SoundOf,
    recogniser: Recogniser,
    vocabulary: Sequence[str],
    done: Callable[[float], None],
    language: str = "",
) -> Hearing:
    """Hear all spans, in the language if it is known.

    Otherwise the language is agreed on first, so that one odd stretch is not heard as Welsh.
    """
    stretches = pack(spans)
    heard = {
        number: recogniser.hear(sound_of(stretches[number]), vocabulary=vocabulary)
        for number in ([] if language else _longest(stretches, POLLED))
    }
    language = language or _majority(list(heard.values()))
    words: list[Word] = []
    for number, stretch in enumerate(stretches):
        known = heard.pop(number, None)
        if known is None or known.language != language:
            known = recogniser.hear(sound_of(stretch), vocabulary=vocabulary, language=language)
        words += believable(_moved(without_tail(known.words, stretch.length_s), stretch.start_s), spans)
        done((number + 1) / len(stretches))

    def again(hole: Span) -> list[Word]:
        heard_again = recogniser.hear(sound_of(hole), vocabulary=vocabulary, language=language)
        return believable(_moved(without_tail(heard_again.words, hole.length_s), hole.start_s), spans)

    return Hearing(tuple(fill_holes(words, spans, again)), language)


def fuller(first: Sequence[Word], again: Sequence[Word], spans: Sequence[Span]) -> tuple[Word, ...]:
    """What a second hearing gives, but for the spans in which it lost words that the first one had.

    A longer stretch helps a recogniser, and now and then makes it skip most of it: what was understood is not given up.
    """
    words: list[Word] = []
    for span in spans:
        before, after = ([word for word in heard if _lies_in(word, span)] for heard in (first, again))
        lost = len(before) - len(after)
        words += before if lost >= LEAST_LOST and lost > LOST * len(before) else after
    return tuple(words)


def pack(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join neighbouring spans into stretches of at most LONGEST_S; cut a longer span into equal parts."""
    stretches: list[Span] = []
    for span in (part for whole in spans for part in _cut(whole)):
        last = stretches[-1] if stretches else None
        if last and span.start_s - last.end_s <= WIDEST_GAP_S and span.end_s - last.start_s <= LONGEST_S:
            stretches[-1] = Span(last.start_s, span.end_s)
        else:
            stretches.append(span)
    return tuple(stretches)


def believable(words: Sequence[Word], spans: Sequence[Span]) -> list[Word]:
    """The words that have speech under them, no longer than it.

    Whisper begins the first word after a pause where the last one ended. Left so, nobody ever pauses: phrases of two
    people become one, and a word lies where the other spoke.
    """
    return [_clipped(word, spans) for word in words if _has_speech(word, spans)]


def _clipped(word: Word, spans: Sequence[Span]) -> Word:
    def shared(span: Span) -> float:
        return min(span.end_s, word.end_s) - max(span.start_s, word.start_s)

    most = max(spans, key=shared)
    if shared(most) <= 0:
        return word
    return replace(word, start_s=max(word.start_s, most.start_s), end_s=min(word.end_s, most.end_s))


def without_tail(words: Sequence[Word], length_s: float) -> Sequence[Word]:
    """Drop what Whisper adds when the sound ends: doubtful words in its last moment, or a "Bye." after a full stop."""
    while words and words[-1].probability < TAIL_UNSURE and words[-1].start_s >= length_s - TAIL_S:
        words = words[:-1]
    ends = [number for number, word in enumerate(words[:-1], start=1) if word.text.endswith((".", "?", "!"))]
    last = ends[-1] if ends else len(words)
    tail = words[last:]
    doubtful = len(tail) <= LONGEST_TAIL and all(word.probability < UNSURE for word in tail)
    return words[:last] if doubtful else words


def _has_speech(word: Word, spans: Sequence[Span]) -> bool:
    under = [
        s for s in spans if s.start_s < word.end_s + TOLERANCE_S and word.start_s - TOLERANCE_S < s.end_s
    ]
    if not under:
        return False
    return word.probability >= UNSURE or sum(span.length_s for span in under) >= BRIEF_S


def _lies_in(word: Word, span: Span) -> bool:
    return span.start_s <= (word.start_s + word.end_s) / 2 <= span.end_s


def _cut(span: Span) -> list[Span]:
    parts = max(1, -int(-span.length_s // LONGEST_S))
    step = span.length_s / parts
    return [Span(span.start_s + n * step, span.start_s + (n + 1) * step) for n in range(parts)]


def _longest(stretches: Sequence[Span], count: int) -> list[int]:
    return sorted(range(len(stretches)), key=lambda number: -stretches[number].length_s)[:count]


def _majority(heard: Sequence[Heard]) -> str:
    votes: Counter[str] = Counter()
    for one in heard:
        votes[one.language] += max(1, round(100 * one.confidence))
    return votes.most_common(1)[0][0] if votes else ""


def _moved(words: Sequence[Word], by_s: float) -> list[Word]:
    return [Word(w.text, w.start_s + by_s, w.end_s + by_s, w.probability) for w in words]
