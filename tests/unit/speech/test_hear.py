"""The whole of hearing, with toy engines: a low tone is the therapist asking, a high one an answer."""

# ruff: noqa: ARG002 - a port's method has its arguments whether a toy needs them or not

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from holdspace.engines.speech.ear import Ear
from holdspace.engines.speech.hear import hear
from holdspace.engines.speech.port import ActivityReader, Heard, Recogniser, Samples, VoiceReader
from holdspace.engines.transcript import Transcript, Word
from holdspace.errors import NoSpeech
from tests.unit.speech.port_contract import ActivityContract, RecogniserContract, VoiceContract
from tests.unit.speech.sounds import (
    HIGH_HZ,
    ToneActivity,
    ToneRecogniser,
    ToneVoices,
    pcm_of,
    silence,
    tone,
    wav_of,
)

ROOT = Path(__file__).parents[3]
HOW_TO = ROOT / "docs" / "how-to" / "add-a-speech-engine.md"
SAMPLE = ROOT / "src" / "holdspace" / "demo_data" / "session.ogg"
ASKED, ANSWERED = tone(1.5), tone(2.5, HIGH_HZ)
PAUSE = silence(1.0)
EAR = Ear(ToneRecogniser(), ToneActivity(), ToneVoices())


def heard(*channels: NDArray[np.float32], recogniser: Recogniser = EAR.recogniser) -> Transcript:
    return hear(pcm_of(*channels), recogniser=recogniser, activity=EAR.activity, voices=EAR.voices)


def dialogue() -> NDArray[np.float32]:
    return np.concatenate([PAUSE, ASKED, PAUSE, ANSWERED, PAUSE, ASKED, PAUSE, ANSWERED, PAUSE])


def test_one_microphone_gives_turns_by_voice() -> None:
    transcript = heard(dialogue())

    assert [(turn.speaker, turn.text) for turn in transcript.turns] == [
        ("therapist", "Why?"),
        ("client", "Because."),
        ("therapist", "Why?"),
        ("client", "Because."),
    ]
    assert [turn.index for turn in transcript.turns] == [0, 1, 2, 3]
    assert transcript.turns[1].start_s == pytest.approx(3.5, abs=0.2)
    assert transcript.language == "en"
    assert transcript.duration_s == pytest.approx(len(dialogue()) / 16000)


def test_two_channels_give_turns_by_channel() -> None:
    asked = np.concatenate([ASKED, silence(3.5), ASKED, silence(3.5)])
    answered = np.concatenate([silence(2.0), ANSWERED, silence(2.5), ANSWERED, silence(0.5)])
    transcript = heard(answered, asked)

    assert [turn.speaker for turn in transcript.turns] == ["therapist", "client", "therapist", "client"]
    assert [turn.start_s for turn in transcript.turns] == sorted(turn.start_s for turn in transcript.turns)


def test_a_room_recorded_in_stereo_is_one_microphone() -> None:
    assert heard(dialogue(), dialogue() * 0.9).turns == heard(dialogue()).turns


def test_one_person_alone_is_not_given_a_role() -> None:
    alone = np.concatenate([PAUSE, ANSWERED, PAUSE, ANSWERED, PAUSE])

    assert {turn.speaker for turn in heard(alone).turns} == {"speaker 1"}


def test_speech_in_which_no_word_is_found_is_no_speech() -> None:
    class Deaf:
        def hear(self, samples: Samples, *, vocabulary: Sequence[str], language: str = "") -> Heard:
            return Heard((), "en")

    with pytest.raises(NoSpeech):
        heard(dialogue(), recogniser=Deaf())


@pytest.mark.parametrize("sound", [silence(5.0), silence(0.0), tone(0.2)], ids=["silent", "empty", "a click"])
def test_silence_makes_no_session(sound: NDArray[np.float32]) -> None:
    with pytest.raises(NoSpeech, match="microphone"):
        heard(sound)


def test_the_language_of_most_speech_wins_and_all_is_heard_in_it() -> None:
    class Polyglot:
        """Takes short stretches for Welsh unless told otherwise."""

        asked: list[str] = []

        def hear(self, samples: Samples, *, vocabulary: Sequence[str], language: str = "") -> Heard:
            self.asked.append(language)
            found = "cy" if len(samples) < 40_000 else "es"
            return Heard((Word("sí.", 0.0, len(samples) / 16000, 0.9),), language or found)

    long, gap = tone(20.0), silence(3.0)
    sound = np.concatenate([tone(1.0), gap, long, gap, tone(1.0), gap, long, gap])

    assert heard(sound, recogniser=Polyglot()).language == "es"
    assert Polyglot.asked.count("") == 3


def test_the_vocabulary_reaches_the_recogniser() -> None:
    class Listening:
        def hear(self, samples: Samples, *, vocabulary: Sequence[str], language: str = "") -> Heard:
            return Heard((Word(" ".join(vocabulary), 0.0, 1.0, 0.9),), "en")

    transcript = Ear(Listening(), EAR.activity, EAR.voices).hear(wav_of(dialogue()), vocabulary=["Osei"])

    assert {word.text for turn in transcript.turns for word in turn.words} == {"Osei"}


def test_progress_names_its_steps_and_ends_each() -> None:
    told: dict[str, list[float]] = {}
    EAR.hear(wav_of(dialogue()), progress=lambda step, done: told.setdefault(step, []).append(done))

    assert list(told) == ["finding speech", "hearing what was said", "telling the speakers apart"]
    assert all(steps == sorted(steps) and steps[-1] == 1.0 for steps in told.values())


def test_the_samples_are_gone_once_heard_whatever_happened() -> None:
    spoken, silent = pcm_of(dialogue()), pcm_of(tone(0.1))

    EAR.listen(spoken)
    with pytest.raises(NoSpeech):
        EAR.listen(silent)

    assert not spoken.samples.any()
    assert not silent.samples.any()


def test_the_ten_lines_of_the_how_to_hear() -> None:
    first, second = (part.split("```")[0] for part in HOW_TO.read_text("utf-8").split("```python\n")[1:])
    names: dict[str, object] = {"recording": SAMPLE.read_bytes(), "voices": ToneVoices()}
    exec(first + second, names)  # noqa: S102 - our own page
    transcript = names["transcript"]

    assert len([line for line in first.splitlines() if line.strip()]) <= 10
    assert isinstance(transcript, Transcript)
    assert {word.text for turn in transcript.turns for word in turn.words} == {"Hm."}


class TestToneRecogniser(RecogniserContract):
    @pytest.fixture
    def recogniser(self) -> Recogniser:
        return ToneRecogniser()

    @pytest.fixture
    def speech(self) -> Samples:
        return dialogue()


class TestToneActivity(ActivityContract):
    @pytest.fixture
    def activity(self) -> ActivityReader:
        return ToneActivity()

    @pytest.fixture
    def speech(self) -> Samples:
        return np.concatenate([ASKED, PAUSE, ANSWERED])


class TestToneVoices(VoiceContract):
    @pytest.fixture
    def voices(self) -> VoiceReader:
        return ToneVoices()

    @pytest.fixture
    def one_person(self) -> Samples:
        return tone(2.0)

    @pytest.fixture
    def another(self) -> Samples:
        return tone(2.0, HIGH_HZ)
