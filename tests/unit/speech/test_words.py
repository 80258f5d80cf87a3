"""What is heard and believed: stretches, activity, invented words, missed sentences, Whisper's prompt."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from holdspace.engines.speech.activity import spans_of
from holdspace.engines.speech.channels import LEAK_FRAME, Unleaking, channels_to_hear
from holdspace.engines.speech.holes import fill_holes, holes
from holdspace.engines.speech.port import RATE, Samples, Span
from holdspace.engines.speech.recogniser_whisper import PROMPT_WORDS, prompt_of
from holdspace.engines.speech.words import LONGEST_S, believable, fuller, pack, without_tail
from holdspace.engines.transcript import Word
from tests.unit.speech.sounds import HIGH_HZ, pcm_of, silence, tone, word

WINDOW_S = 0.1


def speech_of(pattern: str) -> list[tuple[float, float]]:
    """Spans of a pattern in which # is speech, - is doubtful, and a space is silence, 0.1 s each."""
    probabilities = [{"#": 0.9, "-": 0.4, " ": 0.0}[mark] for mark in pattern]
    return [(round(s.start_s, 2), round(s.end_s, 2)) for s in spans_of(probabilities, WINDOW_S)]


def test_a_short_pause_does_not_end_a_span_and_a_long_one_does() -> None:
    assert len(speech_of("     #####  #####     ")) == 1
    assert len(speech_of("     #####      #####     ")) == 2


def test_a_click_is_not_speech() -> None:
    assert speech_of("       #         ") == []


def test_doubtful_sound_goes_on_with_speech_but_does_not_begin_it() -> None:
    assert speech_of("     -----     ") == []
    assert len(speech_of("   ####-----####   ")) == 1


def test_a_span_gets_a_margin_but_never_reaches_its_neighbour() -> None:
    first, second = speech_of("   ####      ####   ")

    assert first[0] == pytest.approx(0.18, abs=0.01)
    assert first[1] <= second[0]


def test_speech_to_the_very_end_is_kept() -> None:
    assert speech_of("    #####")[-1][1] == pytest.approx(0.9)


def spans(*edges: float) -> list[Span]:
    return [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True)]


def test_neighbouring_spans_are_heard_together_and_long_silences_never() -> None:
    assert pack(spans(0, 5, 6, 10, 40, 45)) == (Span(0, 10), Span(40, 45))


def test_an_endless_span_is_cut_into_equal_parts() -> None:
    assert pack(spans(0, 60)) == (Span(0, 20), Span(20, 40), Span(40, 60))


@given(st.lists(st.floats(0.05, 80.0), max_size=40))
def test_stretches_keep_every_second_of_speech_and_fit_the_recogniser(lengths: list[float]) -> None:
    edges = np.cumsum([0.0, *lengths]).tolist()
    given_spans = [Span(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False)]
    stretches = pack(given_spans)

    assert all(stretch.length_s <= LONGEST_S + 1e-6 for stretch in stretches)
    for span in given_spans:
        shared = sum(max(0.0, min(span.end_s, s.end_s) - max(span.start_s, s.start_s)) for s in stretches)
        assert shared == pytest.approx(span.length_s, abs=1e-6)


def test_a_word_with_no_speech_under_it_is_dropped_however_sure() -> None:
    spoken, invented = word("yes", 1.0), word("Subtitles", 9.0, probability=0.99)

    assert believable([spoken, invented], spans(0.5, 2.0)) == [spoken]


def test_a_doubtful_word_alone_in_a_breath_is_dropped_and_in_a_sentence_kept() -> None:
    doubtful = word("you", 1.0, probability=0.1)

    assert believable([doubtful], spans(0.9, 1.4)) == []
    assert believable([doubtful], spans(0.5, 4.0)) == [doubtful]


def test_a_word_drawn_back_over_a_pause_begins_where_its_speaker_does() -> None:
    drawn = word("Well,", 1.4, 2.4)
    heard = believable([word("ahead.", 0.9, 1.4), drawn], spans(0.4, 1.5, 2.0, 4.0))
    assert [(one.start_s, one.end_s) for one in heard] == [(0.9, 1.4), (2.0, 2.4)]


@pytest.mark.parametrize(
    ("texts", "probability", "kept"),
    [
        (["I", "slept.", "Bye."], 0.1, 2),
        (["I", "slept.", "Thank", "you."], 0.1, 2),
        (["I", "slept.", "Bye."], 0.8, 3),
        (["I", "slept.", "It", "was", "four."], 0.1, 5),
        (["Bye."], 0.1, 1),
    ],
    ids=["a doubtful bye", "a doubtful thanks", "a clear bye", "a doubtful sentence", "nothing before it"],
)
def test_only_a_brief_doubtful_ending_is_dropped(texts: list[str], probability: float, kept: int) -> None:
    words = [word(text, n / 2, probability=0.9) for n, text in enumerate(texts[:2])]
    words += [word(text, 1 + n / 2, probability=probability) for n, text in enumerate(texts[2:])]
    words = words if len(texts) > 1 else [word(texts[0], 0.0, probability=probability)]

    assert [w.text for w in without_tail(words, 9.0)] == texts[:kept]


@pytest.mark.parametrize(
    ("start_s", "probability", "kept"),
    [(2.6, 0.4, 1), (2.6, 0.9, 2), (1.5, 0.4, 2)],
    ids=["doubtful in the last moment", "sure in the last moment", "doubtful before it"],
)
def test_a_doubtful_word_in_the_last_moment_of_a_stretch_was_never_said(
    start_s: float, probability: float, kept: int
) -> None:
    words = [word("slept", 0.5, probability=0.9), word("I'm", start_s, probability=probability)]
    assert len(without_tail(words, 3.0)) == kept


def sentence(start_s: float, *texts: str) -> list[Word]:
    return [word(text, start_s + n * 0.4) for n, text in enumerate(texts)]


def test_speech_that_nobody_wrote_down_is_heard_again() -> None:
    before, after = sentence(0.0, "I", "slept", "well."), sentence(6.0, "Twice", "this", "week.")
    missed = sentence(2.6, "Did", "it", "come", "back?")
    asked: list[Span] = []

    def again(hole: Span) -> Sequence[Word]:
        asked.append(hole)
        return missed

    words = fill_holes([*before, *after], spans(0.0, 1.2, 2.5, 4.5, 5.9, 7.2), again)

    assert [w.text for w in words] == [w.text for w in (*before, *missed, *after)]
    assert len(asked) == 1
    assert asked[0].start_s <= 2.5
    assert asked[0].end_s >= 4.5


def test_a_second_hearing_that_gives_no_more_changes_nothing() -> None:
    words = sentence(0.0, "I", "slept", "well.")

    assert fill_holes(words, spans(0.0, 1.2, 3.0, 5.0), lambda _hole: []) == words


def test_what_is_written_down_is_not_a_hole_and_neither_is_a_sigh() -> None:
    assert holes(sentence(0.0, "I", "slept", "well."), spans(0.0, 1.3, 3.0, 3.5)) == []


def test_the_vocabulary_becomes_a_list_once_each_and_not_too_long() -> None:
    assert prompt_of([]) is None
    assert prompt_of(["Osei", " trazodone ", "", "Osei"]) == "Osei, trazodone."
    assert (
        prompt_of([f"word{n}" for n in range(500)])
        == f"{', '.join(f'word{n}' for n in range(PROMPT_WORDS))}."
    )


TAKES_TURNS = (
    np.concatenate([tone(2.0), silence(2.0), tone(2.0), silence(2.0)]),
    np.concatenate([silence(2.0), tone(2.0, HIGH_HZ), silence(2.0), tone(2.0, HIGH_HZ)]),
)


def test_channels_that_take_turns_are_two_people() -> None:
    assert channels_to_hear(pcm_of(*TAKES_TURNS)) == (0, 1)


def test_channels_that_leak_a_little_are_still_two_people() -> None:
    left, right = TAKES_TURNS
    leak = np.float32(0.1)
    leaking = pcm_of(left + leak * right, right + leak * left)

    assert channels_to_hear(leaking) == (0, 1)
    said, spoken = leaking.samples[: 2 * RATE, 0].copy(), leaking.samples[2 * RATE : 4 * RATE, 1].copy()
    Unleaking()(leaking.samples)
    assert not leaking.samples[2 * RATE + LEAK_FRAME : 4 * RATE, 0].any()
    assert np.array_equal(leaking.samples[: 2 * RATE, 0], said)
    assert np.array_equal(leaking.samples[2 * RATE : 4 * RATE, 1], spoken)


def test_a_leak_is_told_across_the_seams_of_sound_that_comes_by_the_second() -> None:
    left, right = TAKES_TURNS
    whole = pcm_of(left + np.float32(0.1) * right, right).samples
    by_second, silenced = Unleaking(), whole.copy()
    Unleaking()(whole)
    for start in range(0, len(silenced), RATE):
        by_second(silenced[start : start + RATE])
    assert np.array_equal(silenced, whole)


def test_a_quiet_answer_into_anothers_sentence_is_not_silenced() -> None:
    both = pcm_of(tone(2.0), tone(2.0, HIGH_HZ) * np.float32(0.5))
    before = both.samples.copy()
    Unleaking()(both.samples)
    assert np.array_equal(both.samples, before)


@pytest.mark.parametrize("other", [TAKES_TURNS[0], TAKES_TURNS[0] * np.float32(0.7), silence(8.0)])
def test_one_room_is_one_recording_whatever_its_channels(other: Samples) -> None:
    assert channels_to_hear(pcm_of(TAKES_TURNS[0], other)) == (None,)


def test_a_second_hearing_wins_but_where_it_lost_words() -> None:
    spans = [Span(0.0, 3.0), Span(4.0, 8.0)]
    first = [word("You", 0.1), word("see.", 0.6), *(word(f"one{n}", 4.1 + n * 0.5) for n in range(6))]
    again = [word("Yes.", 0.2), *(word(f"two{n}", 4.1 + n * 0.5) for n in range(5))]
    assert [one.text for one in fuller(first, again, spans)] == [
        "Yes.",
        "two0",
        "two1",
        "two2",
        "two3",
        "two4",
    ]
    assert [one.text for one in fuller(first, again[:3], spans)][1:] == [f"one{n}" for n in range(6)]
    assert fuller((), again, spans) == tuple(again)
