"""Who spoke: windows, two voices, phrases, turns, and the guess who is the therapist."""

from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from holdspace.engines.speech.fbank import filter_banks
from holdspace.engines.speech.port import Span
from holdspace.engines.speech.roles import guess_roles
from holdspace.engines.speech.speakers import (
    SHORTEST_S,
    WINDOW_S,
    Lean,
    Windowed,
    leanings,
    parted,
    people_in,
    under_words,
    voices_in,
    whose,
    windows_of,
)
from holdspace.engines.speech.turns import Phrase, attribute, in_turns, phrases_of, seams
from holdspace.engines.speech.who import Company, who_spoke
from tests.unit.speech.sounds import HIGH_HZ, ToneVoices, pcm_of, silence, tone, word


def voices_around(*directions: int, noise: float = 0.2) -> NDArray[np.float32]:
    """Voices of 64 numbers near the given axes."""
    drawn = np.random.default_rng(1).normal(0, noise / 8, (len(directions), 64))
    drawn[np.arange(len(directions)), directions] += 1.0
    return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), dtype=np.float32)


def windows_around(*directions: int) -> list[Windowed]:
    """A second of each voice in turn."""
    voices = voices_around(*directions)
    return [Windowed(Span(float(n), n + 1.0), voice) for n, voice in enumerate(voices)]


def sides(truth: list[int], most: int) -> list[int]:
    """Whom each window is given to, people numbered in the order in which they first speak."""
    windows = windows_around(*truth)
    means = people_in(windows, most)
    assert means is not None
    found = [int(np.argmax(lean.scores)) for lean in leanings(windows, means)]
    order = list(dict.fromkeys(found))
    return [order.index(one) for one in found]


def test_two_voices_are_told_apart_however_unequal_their_shares() -> None:
    truth = [0] * 40 + [1] * 6 + [0] * 20 + [1] * 4
    assert sides(truth, 2) == truth


@pytest.mark.parametrize("people", [3, 4])
def test_as_many_voices_are_told_apart_as_people_come(people: int) -> None:
    truth = [n % people for n in range(40)] + [0] * 30
    assert sides(truth, people) == truth


def test_somebody_who_did_not_come_is_not_found_in_the_others() -> None:
    truth = [0, 1] * 30
    assert sides(truth, 3) == truth


def test_one_voice_is_not_split() -> None:
    assert people_in(windows_around(*[0] * 30), 2) is None
    assert people_in(windows_around(0), 2) is None


def test_the_same_voices_always_split_the_same_way() -> None:
    first, second = (people_in(windows_around(*[0, 1, 2] * 20), 3) for _ in range(2))
    assert first is not None
    assert second is not None
    assert np.array_equal(first, second)


def test_a_window_ends_where_a_phrase_does_and_none_is_too_short_for_a_voice() -> None:
    spans = [Span(0.0, 4.0), Span(5.0, 5.5)]
    words = [
        word("Fine.", 0.2),
        word("Uh-huh.", 1.0, 1.4),
        word("So", 1.8),
        word("then.", 2.1),
        word("Yes.", 5.1),
    ]
    parts = parted(spans, seams(words))
    at = [(part.start_s, part.end_s) for part in parts]
    assert at == [(0.0, 0.75), (0.75, pytest.approx(1.6)), (pytest.approx(1.6), 4.0), (5.0, 5.5)]
    assert all(part.length_s >= SHORTEST_S for part in parted(spans, [0.1, 0.5, 0.6, 0.7, 3.9, 5.3]))


def test_a_cough_is_nobodys_voice() -> None:
    windows = windows_around(0, 1, 2, 0)
    words = [word("Hello.", 0.2), word("there", 1.8, 2.0), word("Yes.", 3.1)]
    assert [window.span.start_s for window in under_words(windows, words)] == [0.0, 1.0, 3.0]
    assert under_words(windows, []) == under_words([], words) == []


@pytest.mark.parametrize("hers", [0, 1, 2])
def test_the_voice_she_gave_says_which_of_them_she_is(hers: int) -> None:
    means = voices_around(0, 1, 2)
    assert whose(means, voices_around(hers)[0]) == hers


def test_a_voice_that_is_not_there_is_nobodys() -> None:
    assert whose(voices_around(0, 1), voices_around(5)[0]) is None
    between = voices_around(0, 1).sum(axis=0)
    assert whose(voices_around(0, 1, noise=0.0), between / np.linalg.norm(between)) is None


@pytest.mark.parametrize("length_s", [0.35, 0.9, 1.2, 1.3, 2.0, 7.7])
def test_windows_cover_a_span_and_stay_inside(length_s: float) -> None:
    windows = windows_of(Span(5.0, 5.0 + length_s))

    assert windows[0].start_s == 5.0
    assert windows[-1].end_s == pytest.approx(5.0 + length_s)
    assert all(window.length_s <= 1.5 * WINDOW_S for window in windows)
    assert all(b.start_s == a.end_s for a, b in pairwise(windows))


def test_a_span_too_short_for_a_voice_has_no_window() -> None:
    assert windows_of(Span(0.0, SHORTEST_S / 2)) == []


def test_windows_carry_the_voices_of_their_spans() -> None:
    pcm = pcm_of(np.concatenate([tone(3.0), silence(1.0), tone(3.0, HIGH_HZ)]))
    windows = voices_in([Span(0.0, 3.0), Span(4.0, 7.0)], pcm.part, ToneVoices(), lambda _done: None)
    means = people_in(windows, 2)
    assert means is not None
    speakers = [int(np.argmax(lean.scores)) for lean in leanings(windows, means)]
    early = [who for who, window in zip(speakers, windows, strict=True) if window.span.end_s <= 3.0]
    assert len(set(early)) == 1
    assert set(speakers) == {0, 1}


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
    leans = [
        Lean(Span(0.0, 1.2), (0.6, 0.2)),
        Lean(Span(0.6, 1.8), (0.3, 0.4)),
        Lean(Span(1.2, 2.4), (0.1, 0.6)),
    ]

    assert [(phrase.text, phrase.speaker) for phrase in attribute(words, leans)] == [
        ("Did you?", 0),
        ("No, none.", 1),
    ]


def test_a_phrase_that_leans_nowhere_belongs_to_whoever_spoke_before() -> None:
    words = [word("No.", 0.0, 1.0), word("Mm.", 2.0, 2.3)]
    leans = [Lean(Span(0.0, 1.0), (0.1, 0.6)), Lean(Span(2.0, 2.3), (0.31, 0.3))]

    assert [phrase.speaker for phrase in attribute(words, leans)] == [1, 1]


def test_a_short_answer_that_leans_nowhere_is_the_other_persons() -> None:
    words = [word("Alone?", 0.0, 1.0), word("Mm.", 1.3, 1.6), word("With", 2.4), word("whom?", 2.8, 3.4)]
    leans = [
        Lean(Span(0.0, 1.0), (0.1, 0.6)),
        Lean(Span(1.3, 1.6), (0.3, 0.31)),
        Lean(Span(2.4, 3.4), (0.1, 0.6)),
    ]
    phrases = attribute(words, leans)
    assert [phrase.speaker for phrase in phrases] == [1, 0, 1]
    assert [phrase.is_doubtful for phrase in phrases] == [False, True, False]


def test_two_who_sound_much_alike_are_told_apart_only_by_the_voice_she_gave() -> None:
    near, far = np.zeros(64), np.zeros(64)
    near[0], far[:2] = 1.0, (0.82, 0.572)
    drawn = np.random.default_rng(2)
    truth = [0, 1] * 12
    voices = [(near, far)[who] + drawn.normal(0, 0.02, 64) for who in truth]
    windows = [
        Windowed(Span(float(n), n + 1.0), np.asarray(voice / np.linalg.norm(voice), np.float32))
        for n, voice in enumerate(voices)
    ]
    words = [word("So.", n + 0.1, n + 0.9) for n in range(len(truth))]
    phrases, names = who_spoke(words, windows, Company(2))
    assert (len({phrase.speaker for phrase in phrases}), names) == (1, ("speaker 1", "speaker 2"))
    phrases, names = who_spoke(words, windows, Company(2, np.asarray(near, np.float32)))
    assert [names[phrase.speaker] for phrase in phrases] == [("therapist", "client")[who] for who in truth]


def test_her_voice_alone_is_not_split_by_knowing_it() -> None:
    windows = windows_around(*[0] * 30)
    words = [word("So.", n + 0.1, n + 0.9) for n in range(30)]
    hers = np.mean([window.voice for window in windows], axis=0)
    phrases, names = who_spoke(
        words, windows, Company(2, np.asarray(hers / np.linalg.norm(hers), np.float32))
    )
    assert ({phrase.speaker for phrase in phrases}, names) == ({0}, ("speaker 1", "speaker 2"))


def test_what_the_voice_does_not_tell_is_marked_doubtful() -> None:
    words = [word("No.", 0.0, 1.0), word("Mm.", 2.0, 2.3), word("Yes.", 4.0, 5.0)]
    leans = [
        Lean(Span(0.0, 1.0), (0.1, 0.6)),
        Lean(Span(2.0, 2.3), (0.4, 0.3)),
        Lean(Span(4.0, 5.0), (0.1, 0.6)),
    ]
    turns = in_turns(attribute(words, leans), ("therapist", "client"))

    assert [turn.is_doubtful for turn in turns] == [False, True, False]


def test_a_word_in_a_window_that_is_mostly_anothers_is_doubtful() -> None:
    words = [word("Okay.", 0.0, 0.3), word("So", 1.0, 1.2), word("then", 1.3, 2.2)]
    leans = [Lean(Span(0.0, 1.2), (0.1, 0.6)), Lean(Span(1.2, 2.2), (0.1, 0.6))]

    assert [phrase.is_doubtful for phrase in attribute(words, leans)] == [True, False]


def test_of_three_people_only_she_is_named_by_her_voice() -> None:
    windows = windows_around(*[0, 1, 2] * 10)
    words = [word("So.", window.span.start_s, window.span.end_s) for window in windows]
    phrases, names = who_spoke(words, windows, Company(3, voices_around(1)[0]))

    assert {names[phrase.speaker] for phrase in phrases[1::3]} == {"therapist"}
    assert "client" not in names
    assert len({names[phrase.speaker] for phrase in phrases}) == 3


def test_of_two_people_her_voice_names_both_whatever_they_ask() -> None:
    windows = windows_around(*[0, 1] * 10)
    words = [word("Why?" if n % 2 else "So.", w.span.start_s, w.span.end_s) for n, w in enumerate(windows)]
    phrases, names = who_spoke(words, windows, Company(2, voices_around(0)[0]))

    assert [names[phrase.speaker] for phrase in phrases[:2]] == ["therapist", "client"]


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
