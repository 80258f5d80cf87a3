"""The engines Holdspace ships, on the sample session and on what goes wrong."""

import re
import shutil
from pathlib import Path

import numpy as np
import pytest

from holdspace.engines.speech.decode import Pcm
from holdspace.engines.speech.ear import Ear
from holdspace.engines.speech.port import RATE, ActivityReader, Recogniser, Samples, Span, VoiceReader
from holdspace.engines.speech.recogniser_whisper import WhisperRecogniser
from holdspace.engines.speech.voice_wespeaker import WeSpeakerVoices
from holdspace.engines.transcript import Transcript
from holdspace.errors import NoSpeech, WeightsDamaged
from holdspace.weights.store import Store
from tests.unit.speech.port_contract import ActivityContract, RecogniserContract, VoiceContract

pytestmark = pytest.mark.weights

SPANISH = Path(__file__).with_name("clips") / "spanish.ogg"
SPELT = {
    "p h q nine": "phq-9",
    "doctor": "dr",
    "i am": "i'm",
    "okay": "ok",
    "one hundred milligrams": "100mg",
    "100 mg": "100mg",
}
NUMBERS = dict(
    zip(
        ["zero", "three", "four", "five", "six", "seven", "ten", "twelve", "fifteen", "sixteen", "fifty"],
        ["0", "3", "4", "5", "6", "7", "10", "12", "15", "16", "50"],
        strict=True,
    )
)


def plain(text: str) -> list[str]:
    """Words without case, marks or ways of writing numbers."""
    text = text.lower()
    for long, short in SPELT.items():
        text = text.replace(long, short)
    return [NUMBERS.get(word, word) for word in re.findall(r"[\w'\-]+", text)]


def wrong_words(said: list[str], heard: list[str]) -> int:
    """Words to change, add or drop to come from one to the other."""
    row = list(range(len(heard) + 1))
    for index, word in enumerate(said, start=1):
        above, row = row, [index]
        for column, other in enumerate(heard, start=1):
            row.append(min(above[column] + 1, row[-1] + 1, above[column - 1] + (word != other)))
    return row[-1]


def cut(pcm: Pcm, start_s: float, end_s: float) -> Pcm:
    return Pcm(pcm.samples[round(start_s * RATE) : round(end_s * RATE)].copy())


def text_of(transcript: Transcript) -> str:
    return " ".join(turn.text for turn in transcript.turns)


def test_the_sample_session_is_heard_nearly_word_for_word(
    heard: Transcript, script: list[tuple[str, str]]
) -> None:
    said = plain(" ".join(text for _, text in script))

    assert wrong_words(said, plain(text_of(heard))) / len(said) < 0.05


def test_every_turn_of_the_sample_session_is_its_speakers(
    heard: Transcript, script: list[tuple[str, str]]
) -> None:
    assert [turn.speaker for turn in heard.turns] == [speaker for speaker, _ in script]


@pytest.mark.parametrize(
    "critical",
    ["no nothing like that", "not had a drink since august", "my brother", "trazodone", "osei", "50", "12"],
)
def test_what_a_note_must_not_lose_is_heard(heard: Transcript, critical: str) -> None:
    assert critical in " ".join(plain(text_of(heard)))


def test_every_word_has_a_time_inside_its_turn_and_a_probability(heard: Transcript) -> None:
    for turn in heard.turns:
        assert turn.text == " ".join(word.text for word in turn.words)
        assert all(turn.start_s <= word.start_s <= word.end_s <= turn.end_s for word in turn.words)
        assert all(0.0 < word.probability <= 1.0 for word in turn.words)
    assert heard.language == "en"


def test_nothing_is_heard_in_a_long_silence(ear: Ear, sample: Pcm) -> None:
    before, after = cut(sample, 0, 14), cut(sample, 24, 35)
    hush = np.random.default_rng(4).normal(0, 20, (30 * RATE, 1)).astype(np.int16)
    transcript = ear.listen(Pcm(np.concatenate([before.samples, hush, after.samples])))
    words = [word for turn in transcript.turns for word in turn.words]

    assert [word for word in words if 15.0 < word.start_s < 43.0] == []
    assert len(words) > 30


@pytest.mark.parametrize("kind", ["silence", "hiss", "hum"])
def test_a_room_in_which_nobody_speaks_makes_no_session(ear: Ear, kind: str) -> None:
    count = 20 * RATE
    sound = {
        "silence": np.zeros(count),
        "hiss": np.random.default_rng(5).normal(0, 800, count),
        "hum": 4000 * np.sin(2 * np.pi * 50 * np.arange(count) / RATE),
    }[kind]

    with pytest.raises(NoSpeech):
        ear.listen(Pcm(sound.astype(np.int16).reshape(-1, 1)))


def test_another_language_is_noticed(ear: Ear) -> None:
    assert ear.hear(SPANISH.read_bytes()).language == "es"


def test_telehealth_channels_name_the_speakers_without_any_voices(
    ear: Ear, sample: Pcm, heard: Transcript
) -> None:
    """Each turn of the first minute on its speaker's own channel."""
    end_s = 36.0
    channels = np.zeros((round(end_s * RATE), 2), dtype=np.int16)
    turns = [turn for turn in heard.turns if turn.end_s < end_s]
    for turn in turns:
        start, stop = round((turn.start_s - 0.2) * RATE), round((turn.end_s + 0.2) * RATE)
        channels[start:stop, int(turn.speaker == "client")] = sample.samples[start:stop, 0]

    assert [turn.speaker for turn in ear.listen(Pcm(channels)).turns] == [turn.speaker for turn in turns]


def test_damaged_weights_say_what_to_do(store: Store, tmp_path: Path) -> None:
    folder = tmp_path / "whisper"
    shutil.copytree(store.path("whisper-base"), folder)
    (folder / "model.bin").chmod(0o644)
    (folder / "model.bin").write_bytes((folder / "model.bin").read_bytes()[:1000])
    (tmp_path / "voices.ort").write_bytes(b"not a model")

    with pytest.raises(WeightsDamaged, match="holdspace models pull whisper-base"):
        WhisperRecogniser(folder)
    with pytest.raises(WeightsDamaged, match="holdspace models pull wespeaker-voxceleb"):
        WeSpeakerVoices(tmp_path / "voices.ort")


class TestWhisper(RecogniserContract):
    @pytest.fixture
    def recogniser(self, ear: Ear) -> Recogniser:
        return ear.recogniser

    @pytest.fixture
    def speech(self, sample: Pcm) -> Samples:
        return sample.part(Span(0.0, 14.3))


class TestSilero(ActivityContract):
    @pytest.fixture
    def activity(self, ear: Ear) -> ActivityReader:
        return ear.activity

    @pytest.fixture
    def speech(self, sample: Pcm) -> Samples:
        return sample.part(Span(0.0, 14.3))


class TestWeSpeaker(VoiceContract):
    @pytest.fixture
    def voices(self, ear: Ear) -> VoiceReader:
        return ear.voices

    @pytest.fixture
    def one_person(self, sample: Pcm) -> Samples:
        return sample.part(Span(6.0, 8.0))

    @pytest.fixture
    def another(self, sample: Pcm) -> Samples:
        return sample.part(Span(30.0, 32.0))
