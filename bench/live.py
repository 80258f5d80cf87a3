"""Hearing a session while it happens, beside hearing its file afterwards: `python -m bench.live [AUDIO] [REPEATS]`.

By hand, on a quiet machine. The audio (the sample session without one) is played REPEATS times over, a second each
second unless hearing is slower. Printed: processor seconds a second of audio, how long after it was said a stretch was
understood, how long after the last second everything was, the most memory, and the same for the whole file at once.
"""

import resource
import statistics
import sys
import time
from pathlib import Path

import numpy as np

from holdspace.engines.speech.decode import decode
from holdspace.engines.speech.ear import RECOGNISER_WEIGHTS, VOICE_WEIGHTS, Ear
from holdspace.engines.speech.live import Piece, told
from holdspace.engines.speech.port import RATE
from holdspace.weights.store import Store, default_root

SAMPLE = Path(__file__).parents[1] / "src" / "holdspace" / "demo_data" / "session.ogg"


def main(audio: Path, repeats: int) -> None:
    """Measure both and print them."""
    store = Store(default_root())
    ear = Ear.load(whisper=store.path(RECOGNISER_WEIGHTS), voices=store.path(VOICE_WEIGHTS))
    data = audio.read_bytes()
    samples = np.tile(decode(data).samples[:, :1], (repeats, 1))
    seconds = len(samples) / RATE
    live, pieces, waits = ear.live(channels=1), list[Piece](), list[float]()
    began, used = time.perf_counter(), time.process_time()
    for number in range(0, len(samples), RATE):
        said_at = began + number / RATE + 1
        time.sleep(max(0.0, said_at - time.perf_counter()))
        for piece in live.feed(samples[number : number + RATE].copy()):
            waits.append(time.perf_counter() - began - piece.span.end_s)
            pieces.append(piece)
    ended = time.perf_counter()
    pieces += live.finish()
    turns = told(pieces, language=live.language, duration_s=seconds, is_call=False).turns
    after, cpu = time.perf_counter() - ended, (time.process_time() - used) / seconds
    waits.sort()
    late = waits[int(0.95 * (len(waits) - 1))]
    median = statistics.median(waits)
    say(f"live        {cpu:.2f} of a core; understood after {median:.1f} s (median), {late:.1f} s (95 %)")
    say(f"            all of it {after:.1f} s after the end, {len(turns)} turns")
    began, used = time.perf_counter(), time.process_time()
    whole = ear.hear(data)
    took, cpu = (time.perf_counter() - began) * repeats, (time.process_time() - used) * repeats / seconds
    say(
        f"whole file  {cpu:.2f} of a core; all of it {took:.1f} s after the end, {len(whole.turns) * repeats} turns"
    )
    say(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


def say(line: str) -> None:
    """A line of the result."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
