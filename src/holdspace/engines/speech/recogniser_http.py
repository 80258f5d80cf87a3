"""A recogniser behind an address: any OpenAI-compatible transcription server (speaches, vLLM, whisper.cpp's server).

The stretch travels as a WAV file that exists only in the request. `send` comes from `outbound`, which knows the hosts a
person allowed by name; nothing here opens a connection.
"""

import json
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any

import numpy as np

from holdspace.engines.speech.port import RATE, Heard, Samples
from holdspace.engines.speech.recogniser_whisper import prompt_of
from holdspace.engines.transcript import Word
from holdspace.errors import EngineFailed

Send = Callable[[str, bytes], bytes]
"""POST a multipart body to an address, return the reply's. Raises a HoldspaceError when it may not or cannot."""

BOUNDARY = "holdspace-7c1f0e5d9b"
CONTENT_TYPE = f"multipart/form-data; boundary={BOUNDARY}"
CODES = {
    "english": "en", "spanish": "es", "french": "fr", "german": "de", "portuguese": "pt", "italian": "it",
    "chinese": "zh", "japanese": "ja", "korean": "ko", "russian": "ru", "arabic": "ar", "vietnamese": "vi",
    "tagalog": "tl", "polish": "pl", "hindi": "hi",
}  # fmt: skip
"""OpenAI's servers name a language in English; others give its ISO 639-1 code."""
UNSAID = 1.0
"""The probability of a word whose server gives none: it still needs speech under it to be believed."""


@dataclass(frozen=True, slots=True)
class HttpRecogniser:
    """`url` is the server's root or its `/v1`; `model` is the name the server knows its weights by."""

    send: Send
    url: str
    model: str

    def hear(self, samples: Samples, *, vocabulary: Sequence[str], language: str = "") -> Heard:
        """See the port. Raises EngineFailed when the answer has no words with times."""
        fields = [
            ("model", self.model),
            ("response_format", "verbose_json"),
            ("timestamp_granularities[]", "word"),
            ("temperature", "0"),
            ("language", language),
            ("prompt", prompt_of(vocabulary) or ""),
        ]
        body = _multipart([(name, value) for name, value in fields if value], _wav(samples))
        reply = self.send(self._address(), body)
        try:
            return _heard(json.loads(reply), language)
        except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
            raise EngineFailed(
                "The speech server's answer has no words with times.",
                then="It must give `verbose_json` with word timestamps.",
            ) from error

    def _address(self) -> str:
        root = self.url.rstrip("/")
        root = root if root.endswith("/v1") else f"{root}/v1"
        return f"{root}/audio/transcriptions"


def _heard(answer: dict[str, Any], language: str) -> Heard:
    segments = answer.get("segments") or []
    if not answer.get("words") and str(answer["text"]).strip():
        raise ValueError("words without times")
    words = tuple(
        Word(
            str(word["word"]).strip(),
            float(word["start"]),
            float(word["end"]),
            _probability(word, segments),
        )
        for word in answer.get("words") or ()
        if str(word["word"]).strip()
    )
    told = str(answer.get("language") or language).lower()
    return Heard(words, CODES.get(told, told))


def _probability(word: dict[str, Any], segments: Sequence[dict[str, Any]]) -> float:
    """The word's own, or its segment's mean, or none."""
    if "probability" in word:
        return float(word["probability"])
    for segment in segments:
        if segment["start"] <= word["start"] <= segment["end"] and "avg_logprob" in segment:
            return min(1.0, exp(float(segment["avg_logprob"])))
    return UNSAID


def _wav(samples: Samples) -> bytes:
    """The stretch as 16-bit mono WAV (RIFF, format 1)."""
    pcm = (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2").tobytes()
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE, RATE * 2, 2, 16)
    return (
        struct.pack("<4sI4s", b"RIFF", 36 + len(pcm), b"WAVE")
        + form
        + struct.pack("<4sI", b"data", len(pcm))
        + pcm
    )


def _multipart(fields: Sequence[tuple[str, str]], wav: bytes) -> bytes:
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields
    ]
    head = 'Content-Disposition: form-data; name="file"; filename="stretch.wav"\r\nContent-Type: audio/wav'
    return b"".join(
        [*parts, f"--{BOUNDARY}\r\n{head}\r\n\r\n".encode(), wav, f"\r\n--{BOUNDARY}--\r\n".encode()]
    )
