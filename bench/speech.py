"""How fast and how well the speech engine hears: `.venv/bin/python -m bench.speech [AUDIO]`.

By hand, on a quiet machine; two to five minutes. Without AUDIO it hears the sample session. Each way runs
in a process of its own, so that its memory can be told. Printed: seconds a second of audio (wall and
processor), the most memory, and both as ratios against handing Whisper the whole file at once, as its own
examples do.
"""

import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from faster_whisper import WhisperModel

from holdspace.engines.speech.decode import decode
from holdspace.engines.speech.ear import RECOGNISER_WEIGHTS, VOICE_WEIGHTS, Ear
from holdspace.engines.speech.port import Span
from holdspace.weights.store import Store, default_root

SAMPLE = Path(__file__).parents[1] / "src" / "holdspace" / "demo_data" / "session.ogg"
Way = Callable[[bytes], int]


def whole_file(data: bytes) -> int:
    """Words that Whisper hears in the whole file as floats, with its own defaults (beam 5) and word times."""
    pcm = decode(data)
    model = WhisperModel(str(Store(default_root()).path(RECOGNISER_WEIGHTS)), compute_type="int8")
    segments, _ = model.transcribe(pcm.part(Span(0.0, pcm.duration_s)), word_timestamps=True)
    return sum(len(segment.words or ()) for segment in segments)


def holdspace(data: bytes) -> int:
    """Words that Holdspace hears, with speakers."""
    store = Store(default_root())
    ear = Ear.load(whisper=store.path(RECOGNISER_WEIGHTS), voices=store.path(VOICE_WEIGHTS))
    return sum(len(turn.words) for turn in ear.hear(data).turns)


WAYS: dict[str, Way] = {"whole file, beam 5": whole_file, "holdspace": holdspace}


def measure(way: str, audio: Path) -> dict[str, float]:
    """Run one way here and tell what it took; the most memory is of the whole process."""
    began, used = time.perf_counter(), time.process_time()
    words = WAYS[way](audio.read_bytes())
    return {
        "wall": time.perf_counter() - began,
        "cpu": time.process_time() - used,
        "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3,
        "words": words,
    }


def main(audio: Path) -> None:
    """Measure each way in a process of its own and print the table."""
    seconds = decode(audio.read_bytes()).duration_s
    print(f"{audio.name}: {seconds:.0f} s\n")
    print("| way | wall s/s | processor s/s | memory MB | words |\n|---|---|---|---|---|")
    took = {}
    for way in WAYS:
        command = [sys.executable, "-m", "bench.speech", str(audio), way]
        took[way] = json.loads(subprocess.run(command, capture_output=True, check=True, text=True).stdout)
        wall, cpu, memory, words = took[way].values()
        print(f"| {way} | {wall / seconds:.2f} | {cpu / seconds:.2f} | {memory:.0f} | {words} |")
    first, second = took.values()
    ratios = [second[measure] / first[measure] for measure in ("wall", "cpu", "memory")]
    print(f"| ratio | {ratios[0]:.2f} | {ratios[1]:.2f} | {ratios[2]:.2f} | |")


if __name__ == "__main__":
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE
    if len(sys.argv) > 2:
        print(json.dumps(measure(sys.argv[2], given)))
    else:
        main(given)
