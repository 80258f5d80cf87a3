"""Hearing while it is said: sound goes in by the second, phrases come out as they end, and the samples are forgotten.

feed      samples → activity, 32 ms at a time → where somebody speaks
listen    a stretch that ended → words → phrases, in one room with the voices of their windows
again     what was understood bit by bit is heard once more in one go, with the words around it
forget    what nothing waits for any more is overwritten with silence and let go
told      phrases of the whole session → turns, by channel or by voice
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from holdspace.engines.speech.activity import GO_ON, MARGIN_S, PATIENCE_S, SHORTEST_S, START
from holdspace.engines.speech.channels import Unleaking
from holdspace.engines.speech.port import (
    RATE,
    Recogniser,
    Samples,
    Span,
    StreamedActivity,
    VoiceReader,
)
from holdspace.engines.speech.speakers import (
    Windowed,
    leanings,
    parted,
    people_in,
    under_words,
    voices_in,
)
from holdspace.engines.speech.turns import Phrase, attribute, in_turns, phrases_of, seams
from holdspace.engines.speech.who import ALONE_WITH_CLIENT, Company, nameless, who_spoke
from holdspace.engines.speech.words import LONGEST_S, WIDEST_GAP_S, Hearing, fuller, pack, recognise
from holdspace.engines.transcript import CLIENT, THERAPIST, Transcript, Word

TOGETHER_S = 4.0
"""Speech heard in one go: words around help, and a call a sentence costs more."""
WAIT_S = 0.3
"""Silence after which what ended is heard although it is less."""
ASSUMED = "en"
"""The language until enough was heard to tell it by its sound: one sentence with an accent is easily mistaken."""
TELLING_S, TELLING, SURE_OF_LANGUAGE_S = 3.0, 0.9, 20.0
"""Speech that can tell a language if the recogniser is this sure of it, and how much decides for the whole session.
An accent is taken for another language with up to 0.8 (measured: voices made for Japanese, speaking English)."""

ASKED_S = 180.0
"""Speech after which nobody is asked any more: what is that unclear stays what it was assumed to be."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of speech as it was understood: its channel, its words, and in one room its voices.

    The words of one heard `again` replace what was understood of its span before; its voices are known already.
    """

    channel: int
    span: Span
    words: tuple[Word, ...]
    voices: tuple[Windowed, ...] = ()
    again: bool = False


class LiveEar:
    """Hears one session as it happens, one or two channels at 16 kHz. Not for two threads at once.

    `begins_s` is where in the session the first sample stands, for an ear that takes over from one that died.
    `tells_apart` is the channel on which several people speak, whose voices are wanted; None where each has their own.
    """

    def __init__(
        self,
        recogniser: Recogniser,
        activities: Sequence[StreamedActivity],
        voices: VoiceReader,
        *,
        vocabulary: Sequence[str] = (),
        begins_s: float = 0.0,
        tells_apart: int | None = 0,
    ) -> None:
        self._recogniser = recogniser
        self._voices = voices
        self._vocabulary = vocabulary
        self._tells_apart = tells_apart
        self._channels = [_Channel(activity, begins_s) for activity in activities]
        self._unleak = Unleaking()
        self._votes: dict[str, float] = {}
        self._asked_s = 0.0
        self._language = ""
        self._understood_before: list[Piece] = []

    @property
    def heard_until_s(self) -> float:
        """Up to where everything is understood; later sound must be given again if this ear dies."""
        return min(channel.settled_s for channel in self._channels)

    @property
    def held_s(self) -> float:
        """Seconds of sound in memory, the longest channel's."""
        return max(channel.held_s for channel in self._channels)

    @property
    def language(self) -> str:
        """The language heard most so far; "" before anything was heard."""
        return max(self._votes, key=lambda name: self._votes[name], default="")

    def feed(self, sound: NDArray[np.int16]) -> tuple[Piece, ...]:
        """Take sound of shape (n, channels) and give the stretches that ended in it. `sound` is overwritten."""
        if len(self._channels) > 1:
            self._unleak(sound)
        for number, channel in enumerate(self._channels):
            channel.take(sound[:, number].astype(np.float32) / 32768.0)
        sound.fill(0)
        return self._understood(final=False)

    def finish(self) -> tuple[Piece, ...]:
        """The stretches still open; afterwards no sample is left."""
        pieces = self._understood(final=True)
        self.forget()
        return pieces

    def forget(self) -> None:
        """Overwrite every sample still held."""
        for channel in self._channels:
            channel.forget_before(float("inf"))

    def _understood(self, *, final: bool) -> tuple[Piece, ...]:
        """What ended, understood. Nothing is given up before it is: an ear whose recogniser fails tries it again."""
        for number, channel in enumerate(self._channels):
            spans = channel.ended(final=final)
            if not spans:
                continue
            piece = self._listen(number, spans)
            if piece is not None:
                self._understood_before.append(piece)
            channel.settle(spans, piece.words if piece else ())
        # A second that brought nothing new has time for it; what is being said must not wait.
        if final or not self._understood_before:
            self._hear_again(final=final)
        pieces, self._understood_before = self._understood_before, []
        until = self.heard_until_s
        for channel in self._channels:
            channel.forget_before(min(until, channel.wanted_from_s))
        return tuple(sorted(pieces, key=lambda piece: piece.span.start_s))

    def _listen(self, number: int, spans: Sequence[Span]) -> Piece | None:
        channel = self._channels[number]
        heard = self._recognise(channel, spans)
        shared = number == self._tells_apart
        # What had no words may have some when it is heard again, and they will need its voices.
        parts = parted(spans, seams(heard.words))
        voices = voices_in(parts, channel.part, self._voices, _quietly) if shared else ()
        if not heard.words and not voices:
            return None
        return Piece(number, Span(spans[0].start_s, spans[-1].end_s), heard.words, voices)

    def _hear_again(self, *, final: bool) -> None:
        """Hear whole what was heard in parts, as it would be heard after the session: words around help."""
        for number, channel in enumerate(self._channels):
            while spans := channel.whole(final=final):
                was = self._language
                around = Span(spans[0].start_s, spans[-1].end_s)
                self._tell_language(channel, around)
                is_other_language = self._language != was
                if is_other_language or not channel.was_heard_whole(spans):
                    words = self._recognise(channel, spans).words
                    if not is_other_language:
                        words = fuller(channel.words, words, spans)
                    if words:
                        self._understood_before.append(Piece(number, around, words, again=True))
                channel.let_go(spans)

    def _recognise(self, channel: "_Channel", spans: Sequence[Span]) -> Hearing:
        return recognise(
            spans, channel.part, self._recogniser, self._vocabulary, _quietly, self._language or ASSUMED
        )

    def _tell_language(self, channel: "_Channel", stretch: Span) -> None:
        """Let a stretch that is long enough vote on the language, until enough did."""
        if self._language or stretch.length_s < TELLING_S or self._asked_s >= ASKED_S:
            return
        heard = self._recogniser.hear(channel.part(stretch), vocabulary=self._vocabulary)
        self._asked_s += stretch.length_s
        if heard.confidence >= TELLING:
            self._votes[heard.language] = self._votes.get(heard.language, 0.0) + stretch.length_s
        if sum(self._votes.values()) >= SURE_OF_LANGUAGE_S:
            self._language = self.language


def told(
    pieces: Sequence[Piece],
    *,
    language: str,
    duration_s: float,
    is_call: bool,
    company: Company = ALONE_WITH_CLIENT,
) -> Transcript:
    """The whole session's turns: on a call the first channel is the therapist's; in one room voices tell them apart."""
    pieces = sorted(_best_heard(pieces), key=lambda piece: piece.span.start_s)
    if is_call:
        phrases, names = _on_a_call(pieces, company)
        return Transcript(in_turns(phrases, names), language, duration_s)
    words = [word for piece in pieces for word in piece.words]
    phrases, names = who_spoke(words, [window for piece in pieces for window in piece.voices], company)
    return Transcript(in_turns(phrases, names), language, duration_s)


def _best_heard(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces, without the words of those whose time was heard again."""
    again = [piece for piece in pieces if piece.again]

    def is_replaced(word: Word, channel: int) -> bool:
        middle = (word.start_s + word.end_s) / 2
        return any(
            piece.channel == channel and piece.span.start_s <= middle <= piece.span.end_s for piece in again
        )

    return again + [
        replace(piece, words=tuple(word for word in piece.words if not is_replaced(word, piece.channel)))
        for piece in pieces
        if not piece.again
    ]


def _on_a_call(pieces: Sequence[Piece], company: Company) -> tuple[list[Phrase], tuple[str, ...]]:
    """Her channel is hers; on the other several people are told apart by their voices, and nobody is named."""
    hers = [piece for piece in pieces if piece.channel == 0]
    theirs = [piece for piece in pieces if piece.channel == 1]
    phrases = [Phrase(words, 0) for piece in hers for words in phrases_of(piece.words)]
    words = [word for piece in theirs for word in piece.words]
    windows = under_words([window for piece in theirs for window in piece.voices], words)
    means = people_in(windows, company.people - 1)
    if means is None:
        phrases += [Phrase(words, 1) for piece in theirs for words in phrases_of(piece.words)]
        names: tuple[str, ...] = (THERAPIST, CLIENT)
    else:
        spoken = attribute(words, leanings(windows, means))
        phrases += [replace(phrase, speaker=phrase.speaker + 1) for phrase in spoken]
        names = (THERAPIST, *nameless(len(means) + 1)[1:])
    return sorted(phrases, key=lambda phrase: phrase.words[0].start_s), names


class _Channel:
    """The sound of one channel that is not understood yet, and where in it somebody speaks."""

    def __init__(self, activity: StreamedActivity, begins_s: float) -> None:
        self._activity = activity
        self._window_s = activity.window / RATE
        self._samples: Samples = np.zeros(0, dtype=np.float32)
        self._first = round(begins_s * RATE)
        self._now_s = begins_s
        self._began: float | None = None
        self._last_speech = begins_s
        self._ended: list[Span] = []
        self._parts: list[tuple[Span, ...]] = []
        self.words: list[Word] = []  # of the parts, until they were heard again
        self.settled_s = begins_s

    def take(self, samples: Samples) -> None:
        """More sound; whole windows of it are looked at, the rest waits for the next second."""
        old = self._samples
        self._samples = np.concatenate([old, samples])
        old.fill(0.0)
        at = round(self._now_s * RATE) - self._first
        while at + self._activity.window <= len(self._samples):
            self._look(self._activity.probability(self._samples[at : at + self._activity.window]))
            at += self._activity.window

    def _look(self, probability: float) -> None:
        if probability >= START and self._began is None:
            self._began = self._now_s
        if self._began is not None and probability >= GO_ON:
            self._last_speech = self._now_s + self._window_s
        self._now_s += self._window_s
        if self._began is None and not self._ended:
            self.settled_s = max(self.settled_s, self._now_s - MARGIN_S - self._window_s)
        if self._began is None:
            return
        is_silent = self._now_s - self._last_speech >= PATIENCE_S
        if is_silent or self._now_s - self._began >= LONGEST_S - 2 * MARGIN_S:
            self._end()

    def _end(self) -> None:
        if self._began is not None and self._last_speech - self._began >= SHORTEST_S:
            earliest = self._ended[-1].end_s if self._ended else self.settled_s
            start = max(self._began - MARGIN_S, earliest)
            self._ended.append(Span(start, min(self._last_speech + MARGIN_S, self._now_s)))
        self._began = None

    def ended(self, *, final: bool) -> list[Span]:
        """Stretches to be heard now: enough of them ended, or silence since; with `final` the open one too."""
        if final:
            self._end()
        is_enough = sum(span.length_s for span in self._ended) >= TOGETHER_S
        is_quiet = self._began is None and bool(self._ended) and self._now_s - self._ended[-1].end_s >= WAIT_S
        return list(self._ended) if final or is_enough or is_quiet else []

    def settle(self, spans: Sequence[Span], words: Sequence[Word]) -> None:
        """These stretches, the first that ended, are understood."""
        self._ended = self._ended[len(spans) :]
        self._parts.append(tuple(spans))
        self.words += words
        self.settled_s = max(self.settled_s, spans[-1].end_s)

    def whole(self, *, final: bool) -> tuple[Span, ...]:
        """The earliest of the understood stretches that `pack` puts together, once nothing can join them any more."""
        spans = [span for part in self._parts for span in part]
        if not spans:
            return ()
        first = pack(spans)[0]
        is_complete = final or spans[-1].start_s >= first.end_s or self._can_none_join(first)
        return tuple(span for span in spans if span.start_s < first.end_s) if is_complete else ()

    def _can_none_join(self, stretch: Span) -> bool:
        """Whatever ends next begins too late to be heard together with it, or is too long."""
        opens_s = self._now_s if self._began is None else self._began
        begins = self._ended[0].start_s if self._ended else opens_s - MARGIN_S
        ends = self._ended[0].end_s if self._ended else self._last_speech
        return begins - stretch.end_s > WIDEST_GAP_S or ends - stretch.start_s > LONGEST_S

    def was_heard_whole(self, spans: tuple[Span, ...]) -> bool:
        """These were heard in one go already."""
        return spans in self._parts

    def let_go(self, spans: tuple[Span, ...]) -> None:
        """These, the first of the understood, need not be heard again."""
        until = spans[-1].end_s
        left = (tuple(span for span in part if span.start_s >= until) for part in self._parts)
        self._parts = [part for part in left if part]
        self.words = [word for word in self.words if word.end_s > until]

    @property
    def wanted_from_s(self) -> float:
        """From where on its samples may be heard again."""
        return self._parts[0][0].start_s if self._parts else self.settled_s

    @property
    def held_s(self) -> float:
        """Seconds of sound in memory."""
        return len(self._samples) / RATE

    def part(self, span: Span) -> Samples:
        """The samples of a span still held."""
        start, end = round(span.start_s * RATE) - self._first, round(span.end_s * RATE) - self._first
        return self._samples[max(0, start) : max(0, end)]

    def forget_before(self, until_s: float) -> None:
        """Overwrite what lies before, and let it go."""
        count = len(self._samples) if until_s == float("inf") else round(until_s * RATE) - self._first
        count = max(0, min(count, len(self._samples)))
        kept = self._samples[count:].copy()
        self._samples.fill(0.0)
        self._samples = kept
        self._first += count


def _quietly(_fraction: float) -> None:
    """A phrase is heard in a moment."""
