"""Hearing while it is said, with toy engines: the same turns as afterwards, and no sample kept longer than needed."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from holdspace.engines.speech.live import LiveEar, Piece, told
from holdspace.engines.speech.port import RATE, Heard, Samples
from holdspace.engines.speech.who import Company
from holdspace.errors import EngineFailed
from tests.unit.speech.sounds import HIGH_HZ, ToneRecogniser, ToneVoices, silence, tone

ASKED, ANSWERED, PAUSE = tone(1.5), tone(2.5, HIGH_HZ), silence(1.5)
DIALOGUE = np.concatenate([PAUSE, ASKED, PAUSE, ANSWERED, PAUSE, ASKED, PAUSE, ANSWERED, PAUSE])


class ToneStream:
    """Takes every window that is not silent for speech."""

    window = 512

    def probability(self, samples: Samples) -> float:
        return float(np.abs(samples).max() > 0.01)


def ear(channels: int = 1, *, begins_s: float = 0.0, tells_apart: int | None = 0) -> LiveEar:
    return LiveEar(
        ToneRecogniser(),
        [ToneStream() for _ in range(channels)],
        ToneVoices(),
        begins_s=begins_s,
        tells_apart=tells_apart,
    )


def seconds(*channels: NDArray[np.float32]) -> list[NDArray[np.int16]]:
    """The sound in whole seconds, shape (16000, channels), the last one filled up."""
    sound = (np.stack(channels, axis=1) * 32767).astype(np.int16)
    rest = -len(sound) % RATE
    whole = np.concatenate([sound, np.zeros((rest, len(channels)), dtype=np.int16)])
    return list(whole.reshape(-1, RATE, len(channels)).copy())


def said(pieces: list[Piece], *, is_call: bool = False) -> list[tuple[str, str]]:
    return [
        (turn.speaker, turn.text)
        for turn in told(pieces, language="en", duration_s=20.0, is_call=is_call).turns
    ]


def test_one_microphone_gives_the_same_turns_as_hearing_it_afterwards() -> None:
    live = ear()
    pieces: list[Piece] = []
    for second in seconds(DIALOGUE):
        pieces += live.feed(second)
    pieces += live.finish()
    assert said(pieces) == [
        ("therapist", "Why?"),
        ("client", "Because."),
        ("therapist", "Why?"),
        ("client", "Because."),
    ]
    assert pieces[0].words[0].start_s == pytest.approx(1.5, abs=0.2)


def test_on_a_call_the_first_channel_is_the_therapist_whatever_is_said() -> None:
    mine = np.concatenate([PAUSE, ANSWERED, silence(4.0)])
    theirs = np.concatenate([silence(5.0), ASKED, PAUSE])
    length = max(len(mine), len(theirs))
    live = ear(2)
    pieces: list[Piece] = []
    for second in seconds(np.pad(mine, (0, length - len(mine))), np.pad(theirs, (0, length - len(theirs)))):
        pieces += live.feed(second)
    assert said([*pieces, *live.finish()], is_call=True) == [("therapist", "Because."), ("client", "Why?")]


def test_of_two_people_on_the_other_side_of_a_call_neither_is_taken_for_the_client() -> None:
    mine = np.concatenate([PAUSE, ASKED, silence(12.0)])
    theirs = np.concatenate([silence(4.0), ANSWERED, PAUSE, ASKED, PAUSE, ANSWERED, PAUSE])
    length = max(len(mine), len(theirs))
    live = ear(2, tells_apart=1)
    pieces: list[Piece] = []
    for second in seconds(np.pad(mine, (0, length - len(mine))), np.pad(theirs, (0, length - len(theirs)))):
        pieces += live.feed(second)
    pieces += live.finish()
    turns = told(pieces, language="en", duration_s=20.0, is_call=True, company=Company(3)).turns
    speakers = [turn.speaker for turn in turns]
    assert speakers[0] == "therapist"
    assert speakers[1] == speakers[3] != speakers[2]
    assert set(speakers[1:]) == {"speaker 2", "speaker 3"}


def test_a_loudspeaker_heard_through_the_other_microphone_says_nothing() -> None:
    theirs = np.concatenate([PAUSE, ASKED, PAUSE])
    live = ear(2)
    pieces: list[Piece] = []
    for second in seconds(theirs * np.float32(0.1), theirs):
        pieces += live.feed(second)
    assert said([*pieces, *live.finish()], is_call=True) == [("client", "Why?")]


def test_what_is_given_is_overwritten_and_silence_is_not_kept() -> None:
    live = ear()
    for second in seconds(silence(600.0)):
        live.feed(second)
    assert live.held_s < 2.0
    second = seconds(ASKED)[0]
    live.feed(second)
    assert not second.any()
    live.finish()
    assert live.held_s == 0.0


def test_what_is_still_being_said_is_not_called_heard() -> None:
    live = ear()
    for second in seconds(np.concatenate([silence(3.0), tone(5.0)])):
        live.feed(second)
    assert 2.0 < live.heard_until_s <= 3.0


def test_an_ear_that_takes_over_gives_what_the_dead_one_had_not_heard() -> None:
    first = ear()
    later: list[Piece] = []
    early = [piece for second in seconds(DIALOGUE)[:6] for piece in first.feed(second)]
    begins = int(first.heard_until_s)
    second_ear = ear(begins_s=float(begins))
    for second in seconds(DIALOGUE)[begins:]:
        later += second_ear.feed(second)
    later += second_ear.finish()
    assert [text for _, text in said([*early, *later])] == ["Why?", "Because.", "Why?", "Because."]


def test_talk_without_a_pause_is_heard_before_it_fills_the_memory() -> None:
    live = ear()
    pieces = [piece for second in seconds(tone(95.0)) for piece in live.feed(second)]
    assert len(pieces) >= 3
    assert live.held_s < 32.0


class CountingRecogniser(ToneRecogniser):
    """Hears a word per tone, and says in how long a sound it heard it."""

    def __init__(self) -> None:
        self.lengths: list[float] = []

    def hear(self, samples: Samples, *, vocabulary: Sequence[str], language: str = "") -> Heard:
        self.lengths.append(len(samples) / RATE)
        heard = super().hear(samples, vocabulary=vocabulary, language=language)
        words = tuple(replace(word, text=f"{word.text}{len(heard.words)}") for word in heard.words)
        return replace(heard, words=words)


def bursts(count: int, gap_s: float) -> NDArray[np.float32]:
    """Tones of two seconds, each with as much silence after it."""
    return np.concatenate([part for _ in range(count) for part in (tone(2.0), silence(gap_s))])


def heard_by(recogniser: CountingRecogniser, sound: NDArray[np.float32]) -> list[Piece]:
    live = LiveEar(recogniser, [ToneStream()], ToneVoices())
    pieces = [piece for second in seconds(sound) for piece in live.feed(second)]
    return [*pieces, *live.finish()]


def test_what_was_heard_in_parts_is_heard_again_in_one_go_and_said_once() -> None:
    pieces = heard_by(CountingRecogniser(), bursts(5, 0.8))
    assert len([piece for piece in pieces if not piece.again]) > 1
    turn = told(pieces, language="en", duration_s=20.0, is_call=False).turns[0]
    assert turn.text == "Why?5 Why?5 Why?5 Why?5 Why?5"


def test_a_second_hearing_that_skips_what_was_understood_is_not_believed_there() -> None:
    class Skipping(ToneRecogniser):
        """Of more than eight seconds it gives the last word only, as greedy recognisers sometimes do."""

        def hear(self, samples: Samples, *, vocabulary: Sequence[str], language: str = "") -> Heard:
            heard = super().hear(samples, vocabulary=vocabulary, language=language)
            words = [
                replace(one, text=f"{one.text[:-1]}{n},", end_s=one.start_s + 0.2)
                for one in heard.words
                for n in "abc"
            ]
            return replace(heard, words=tuple(words[-1:] if len(samples) > 8 * RATE else words))

    live = LiveEar(Skipping(), [ToneStream()], ToneVoices())
    pieces = [piece for second in seconds(bursts(5, 0.8)) for piece in live.feed(second)]
    pieces += live.finish()
    assert any(piece.again for piece in pieces)
    (turn,) = told(pieces, language="en", duration_s=20.0, is_call=False).turns
    assert turn.text == " ".join(["Whya, Whyb, Whyc,"] * 5)


def test_what_was_heard_in_one_go_is_not_heard_again() -> None:
    recogniser = CountingRecogniser()
    pieces = heard_by(recogniser, bursts(3, 4.0))
    assert len(recogniser.lengths) == 3
    assert not any(piece.again for piece in pieces)


def test_hearing_again_waits_for_a_second_that_brought_nothing_new() -> None:
    live = LiveEar(CountingRecogniser(), [ToneStream()], ToneVoices())
    for second in seconds(bursts(20, 0.8)):
        pieces = live.feed(second)
        assert len({piece.again for piece in pieces}) <= 1
        assert live.held_s < 34.0


def test_struck_words_heard_again_leave_what_was_first_understood_before_them() -> None:
    pieces = heard_by(CountingRecogniser(), bursts(5, 0.8))
    struck_from_s = 8.0
    kept = [piece for piece in pieces if piece.span.end_s <= struck_from_s]
    words = told(kept, language="en", duration_s=20.0, is_call=False).turns[0].words
    assert not any(piece.again for piece in kept)
    assert words[-1].end_s <= struck_from_s


def test_whose_words_they_are_is_known_although_they_came_only_when_heard_again() -> None:
    class DeafToShort(ToneRecogniser):
        """Makes nothing of less than three and a half seconds, as greedy recognisers sometimes do."""

        def hear(self, samples: Samples, *, vocabulary: Sequence[str], language: str = "") -> Heard:
            heard = super().hear(samples, vocabulary=vocabulary, language=language)
            return heard if len(samples) > 3.5 * RATE else replace(heard, words=())

    live, pieces = LiveEar(DeafToShort(), [ToneStream()], ToneVoices()), list[Piece]()
    sound = np.concatenate(
        [tone(4.0), PAUSE, tone(4.0, HIGH_HZ), silence(0.8), tone(2.0), silence(0.8), PAUSE, PAUSE]
    )
    for second in seconds(sound):
        pieces += live.feed(second)
    pieces += live.finish()
    assert any(piece.voices and not piece.words for piece in pieces)
    assert said(pieces) == [("therapist", "Why?"), ("client", "Because."), ("therapist", "Why?")]


def test_an_ear_that_cannot_hear_again_yet_keeps_what_it_needs_for_it() -> None:
    class Failing(CountingRecogniser):
        def hear(self, samples: Samples, *, vocabulary: Sequence[str], language: str = "") -> Heard:
            if len(samples) > 8 * RATE:
                raise EngineFailed("The speech server does not answer.")
            return super().hear(samples, vocabulary=vocabulary, language=language)

    live = LiveEar(Failing(), [ToneStream()], ToneVoices())
    for second in seconds(bursts(5, 0.8))[:-1]:
        live.feed(second)
    with pytest.raises(EngineFailed):
        live.finish()
    assert live.held_s > 8.0
    live.forget()
    assert live.held_s == 0.0
