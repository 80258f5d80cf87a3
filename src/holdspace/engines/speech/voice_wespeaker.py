"""WeSpeaker's model (CC-BY-4.0) through ONNX Runtime: a second of speech becomes a voice of 256 numbers."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from onnxruntime import InferenceSession, SessionOptions

from holdspace.engines.speech.fbank import filter_banks
from holdspace.engines.speech.port import Samples, Voice
from holdspace.errors import WeightsDamaged

BATCH = 32


class WeSpeakerVoices:
    """The voice reader Holdspace ships. `weights` is the model in ONNX Runtime's own format."""

    def __init__(self, weights: Path, *, threads: int = 0) -> None:
        options = SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3  # errors only: its warnings are about its own graph
        try:
            self._session = InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise WeightsDamaged(
                "The speaker model could not be loaded.",
                then="Run `holdspace models pull wespeaker-voxceleb`.",
            ) from error

    def embed(self, windows: Sequence[Samples]) -> tuple[Voice, ...]:
        """One voice per window."""
        return tuple(
            voice
            for start in range(0, len(windows), BATCH)
            for voice in self._batch([filter_banks(window) for window in windows[start : start + BATCH]])
        )

    def _batch(self, banks: Sequence[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]) -> Sequence[Voice]:
        """Pad to the longest; weights of 0 keep the padding out of the voice."""
        longest = max(len(bank) for bank in banks)
        padded = np.stack([np.pad(bank, ((0, longest - len(bank)), (0, 0))) for bank in banks])
        weights = np.stack([np.pad(np.ones(len(b), np.float32), (0, longest - len(b))) for b in banks])
        (voices,) = self._session.run(["embedding"], {"fbank": padded, "weights": weights})
        normed = voices / np.linalg.norm(voices, axis=1, keepdims=True)
        return [np.asarray(voice, dtype=np.float32) for voice in normed]
