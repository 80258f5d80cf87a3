"""What every engine behind the ports of speech must keep. Toy and real engines are held to the same."""

import numpy as np
import pytest

from holdspace.engines.speech.port import RATE, ActivityReader, Recogniser, Samples, VoiceReader


class RecogniserContract:
    """Give the class fixtures `recogniser` and `speech` (up to 30 s that the recogniser can hear)."""

    def test_words_lie_in_the_stretch_in_order(self, recogniser: Recogniser, speech: Samples) -> None:
        words = recogniser.hear(speech, vocabulary=()).words

        assert words
        starts = [word.start_s for word in words]
        assert starts == sorted(starts)
        assert all(0.0 <= word.start_s <= word.end_s <= len(speech) / RATE + 0.5 for word in words)

    def test_words_have_text_and_a_probability(self, recogniser: Recogniser, speech: Samples) -> None:
        for word in recogniser.hear(speech, vocabulary=()).words:
            assert word.text == word.text.strip() != ""
            assert 0.0 <= word.probability <= 1.0

    def test_the_same_stretch_gives_the_same_words(self, recogniser: Recogniser, speech: Samples) -> None:
        first = recogniser.hear(speech, vocabulary=("Osei",))
        recogniser.hear(speech[: len(speech) // 2], vocabulary=("trazodone",))

        assert recogniser.hear(speech, vocabulary=("Osei",)) == first

    def test_it_listens_in_the_language_it_is_given(self, recogniser: Recogniser, speech: Samples) -> None:
        assert recogniser.hear(speech, vocabulary=()).language == "en"
        assert recogniser.hear(speech, vocabulary=(), language="en").language == "en"


class ActivityContract:
    """Give the class fixtures `activity` and `speech`."""

    def test_spans_are_in_order_apart_and_inside(self, activity: ActivityReader, speech: Samples) -> None:
        gap = np.zeros(2 * RATE, dtype=np.float32)
        recording = np.concatenate([gap, speech, gap, speech, gap])
        spans = activity.find([recording])
        edges = [edge for span in spans for edge in (span.start_s, span.end_s)]

        assert len(spans) >= 2
        assert edges == sorted(edges)
        assert edges[0] >= 1.0
        assert edges[-1] <= len(recording) / RATE - 1.0

    def test_blocks_of_any_length_give_the_same_spans(
        self, activity: ActivityReader, speech: Samples
    ) -> None:
        whole = activity.find([speech])
        pieces = activity.find(speech[start : start + 7001] for start in range(0, len(speech), 7001))

        assert [span.start_s for span in pieces] == pytest.approx([span.start_s for span in whole], abs=0.05)

    def test_silence_has_no_spans(self, activity: ActivityReader) -> None:
        assert activity.find([np.zeros(3 * RATE, dtype=np.float32)]) == ()
        assert activity.find([]) == ()


class VoiceContract:
    """Give the class fixtures `voices`, `one_person` and `another` (2 s each)."""

    def test_a_voice_has_length_one(self, voices: VoiceReader, one_person: Samples, another: Samples) -> None:
        for voice in voices.embed([one_person, another[:RATE]]):
            assert float(np.linalg.norm(voice)) == pytest.approx(1.0, abs=1e-3)

    def test_one_person_is_nearer_to_themself_than_to_another(
        self, voices: VoiceReader, one_person: Samples, another: Samples
    ) -> None:
        begin, end, other = voices.embed([one_person[:RATE], one_person[RATE:], another])

        assert float(begin @ end) > float(begin @ other)

    def test_a_window_has_the_same_voice_in_any_company(
        self, voices: VoiceReader, one_person: Samples, another: Samples
    ) -> None:
        (alone,) = voices.embed([one_person[: RATE // 2]])
        in_company = voices.embed([one_person[: RATE // 2], another])[0]

        assert np.allclose(alone, in_company, atol=0.02)
