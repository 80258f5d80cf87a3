"""WeSpeaker's model (CC-BY-4.0) through ONNX Runtime: a second of speech becomes a voice of 256 numbers."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from onnxruntime import InferenceSession, SessionOptions

from holdspace.engines.speech.fbank import filter_banks
from holdspace.engines.speech.port import Samples, Voice
from holdspace.errors import WeightsDamaged


class WeSpeakerVoices:
    """The voice reader Holdspace ships. `weights` is the model in ONNX Runtime's own format."""

    def __init__(self, weights: Path, *, threads: int = 0) -> None:
        options = SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3  # errors only: its warnings are about its own graph
        options.add_session_config_entry(
            "session.intra_op.allow_spinning", "0"
        )  # the recogniser needs the cores
        try:
            self._session = InferenceSession(str(weights), options, providers=["CPUExecutionProvider"])
        except Exception as error:
            raise WeightsDamaged(
                "The speaker model could not be loaded.",
                then="Run `holdspace models pull wespeaker-voxceleb`.",
            ) from error

    def embed(self, windows: Sequence[Samples]) -> tuple[Voice, ...]:
        """One voice per window, one at a time: padding to one length changes shorter ones' voices."""
        return tuple(self._voice(window) for window in windows)

    def _voice(self, window: Samples) -> Voice:
        banks = filter_banks(window)[None]
        weights = np.ones(banks.shape[:2], dtype=np.float32)
        (voices,) = self._session.run(["embedding"], {"fbank": banks, "weights": weights})
        voice = np.asarray(voices[0], dtype=np.float32)
        return np.asarray(voice / np.linalg.norm(voice), dtype=np.float32)
