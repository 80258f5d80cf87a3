"""Who spoke: windows, two voices, phrases, turns, and the guess who is the therapist."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from holdspace.engines.speech.fbank import filter_banks
from holdspace.engines.speech.port import Span
from holdspace.engines.speech.roles import guess_roles
from holdspace.engines.speech.speakers import SHORTEST_S, WINDOW_S, Lean, leanings, split, windows_of
from holdspace.engines.speech.turns import Phrase, attribute, in_turns, phrases_of
from tests.unit.speech.sounds import HIGH_HZ, ToneVoices, pcm_of, silence, tone, word


def voices_around(*directions: int, noise: float = 0.2) -> NDArray[np.float32]:
    """Voices of 64 numbers near the given axes."""
    drawn = np.random.default_rng(1).normal(0, noise / 8, (len(directions), 64))
    drawn[np.arange(len(directions)), directions] += 1.0
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def test_two_voices_are_told_apart_however_unequal_their_shares() -> None:
    truth = [0] * 40 + [1] * 6 + [0] * 20 + [1] * 4
    scores = split(voices_around(*truth), np.ones(len(truth)))

    assert scores is not None
    found = scores > 0
    assert (found == (np.asarray(truth) == 1)).all() or (found == (np.asarray(truth) == 0)).all()


def test_one_voice_is_not_split() -> None:
    assert split(voices_around(*[0] * 30), np.ones(30)) is None


def test_the_same_voices_always_split_the_same_way() -> None:
    voices = voices_around(*[0, 1] * 20)

    assert np.array_equal(
        split(voices, np.ones(40)),  # type: ignore[arg-type]
        split(voices, np.ones(40)),  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("length_s", [0.35, 0.9, 1.2, 1.3, 2.0, 7.7])
def test_windows_cover_a_span_and_stay_inside(length_s: float) -> None:
    windows = windows_of(Span(5.0, 5.0 + length_s))

    assert windows[0].start_s == 5.0
    assert windows[-1].end_s == pytest.approx(5.0 + length_s)
    assert all(window.length_s <= 1.5 * WINDOW_S for window in windows)
    assert all(b.start_s == a.end_s for a, b in pairwise(windows))


def test_a_span_too_short_for_a_voice_has_no_window() -> None:
    assert windows_of(Span(0.0, SHORTEST_S / 2)) == []


def test_leanings_follow_the_voices() -> None:
    pcm = pcm_of(np.concatenate([tone(3.0), silence(1.0), tone(3.0, HIGH_HZ)]))
    leans = leanings([Span(0.0, 3.0), Span(4.0, 7.0)], pcm.part, ToneVoices(), lambda _done: None)
    first = {lean.score > 0 for lean in leans if lean.span.end_s <= 3.0}
    second = {lean.score > 0 for lean in leans if lean.span.start_s >= 4.0}

    assert len(first) == len(second) == 1
    assert first != second


def test_one_window_is_nobody_in_particular() -> None:
    pcm = pcm_of(tone(1.0))

    assert leanings([Span(0.0, 1.0)], pcm.part, ToneVoices(), lambda _done: None) == ()


def test_phrases_end_with_sentences_and_pauses() -> None:
    words = [word("No.", 0.0), word("I", 0.4), word("slept", 0.8), word("well", 3.0), word("again.", 3.4)]

    assert [[w.text for w in phrase] for phrase in phrases_of(words)] == [
        ["No."],
        ["I", "slept"],
        ["well", "again."],
    ]
    assert phrases_of([]) == []


def test_a_phrase_belongs_to_the_voice_under_most_of_it() -> None:
    words = [word("Did", 0.0), word("you?", 0.4), word("No,", 1.5), word("none.", 2.0)]
    leans = [Lean(Span(0.0, 1.2), -0.4), Lean(Span(0.6, 1.8), 0.1), Lean(Span(1.2, 2.4), 0.5)]

    assert [(phrase.text, phrase.speaker) for phrase in attribute(words, leans)] == [
        ("Did you?", 0),
        ("No, none.", 1),
    ]


def test_a_phrase_that_leans_nowhere_belongs_to_whoever_spoke_before() -> None:
    words = [word("No.", 0.0, 1.0), word("Mm.", 2.0, 2.3)]
    leans = [Lean(Span(0.0, 1.0), 0.5), Lean(Span(2.0, 2.3), -0.01)]

    assert [phrase.speaker for phrase in attribute(words, leans)] == [1, 1]


def said(speaker: int, text: str, start_s: float = 0.0) -> Phrase:
    return Phrase(tuple(word(part, start_s + n * 0.3) for n, part in enumerate(text.split())), speaker)


def test_consecutive_phrases_of_one_speaker_are_one_turn_with_all_its_words() -> None:
    turns = in_turns(
        [said(0, "How are you?", 0.0), said(1, "Tired.", 2.0), said(1, "I slept badly.", 3.0)],
        ("therapist", "client"),
    )

    assert [(turn.index, turn.speaker, turn.text) for turn in turns] == [
        (0, "therapist", "How are you?"),
        (1, "client", "Tired. I slept badly."),
    ]
    assert [w.text for w in turns[1].words] == ["Tired.", "I", "slept", "badly."]
    assert turns[1].start_s == 2.0
    assert turns[1].end_s == pytest.approx(3.9)


ASKS = ["How was it?", "What helped?", "Let us plan the week.", "Any drinks?"]
TELLS = [
    "It was better than I thought.",
    "I walked every day after lunch.",
    "Did I tell you?",
    "None at all.",
]


@pytest.mark.parametrize("asker", [0, 1])
def test_who_asks_is_taken_for_the_therapist_wherever_they_sit(asker: int) -> None:
    phrases = [p for a, t in zip(ASKS, TELLS, strict=True) for p in (said(asker, a), said(1 - asker, t))]
    roles = guess_roles(phrases)

    assert roles[asker] == "therapist"
    assert roles[1 - asker] == "client"


def test_two_who_talk_alike_stay_nameless() -> None:
    phrases = [said(speaker, text) for text in TELLS for speaker in (0, 1)]

    assert guess_roles(phrases) == ("speaker 1", "speaker 2")


def test_one_alone_stays_nameless() -> None:
    assert guess_roles([said(0, "How are you?")])[0] == "speaker 1"


def test_filter_banks_find_a_tone_in_its_band() -> None:
    mixed = tone(0.5, 300.0, level=0.1) + np.random.default_rng(2).normal(0, 0.001, 8000).astype(np.float32)
    swept = np.concatenate([mixed, tone(0.5, 3000.0, level=0.1)])
    banks = filter_banks(swept)

    assert banks.shape == (98, 80)
    assert abs(float(banks.mean())) < 1e-3
    assert banks[10].argmax() < banks[85].argmax()


def test_filter_banks_do_not_hear_how_loud_it_is() -> None:
    noise = np.random.default_rng(3).normal(0, 0.05, 16000).astype(np.float32)

    assert np.allclose(filter_banks(noise), filter_banks(noise * 3), atol=0.02)
