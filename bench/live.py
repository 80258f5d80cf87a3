"""Hearing a session while it happens, beside hearing its file afterwards: `python -m bench.live [AUDIO] [SESSIONS]`.

By hand, on a quiet machine. The audio (the sample session without one) is heard by as many sessions at once, one after
the other in one process, as the speech process does it. The clock is reckoned: a second can be heard from the moment it
was said and no sooner than the one before is done, so that an hour need not be waited for. Printed: processor seconds a
second of a session, how long after it was said a stretch was understood, how long after the last second everything was,
the most memory, and the same for the whole file at once.
"""

import resource
import statistics
import sys
import time
from pathlib import Path

from holdspace.assist.speech_child import THREADS
from holdspace.engines.speech.decode import decode
from holdspace.engines.speech.ear import RECOGNISER_WEIGHTS, VOICE_WEIGHTS, Ear
from holdspace.engines.speech.live import Piece, told
from holdspace.engines.speech.port import RATE
from holdspace.weights.store import Store, default_root

SAMPLE = Path(__file__).parents[1] / "src" / "holdspace" / "demo_data" / "session.ogg"


def main(audio: Path, sessions: int) -> None:
    """Measure both and print them."""
    store = Store(default_root())
    ear = Ear.load(whisper=store.path(RECOGNISER_WEIGHTS), voices=store.path(VOICE_WEIGHTS), threads=THREADS)
    data = audio.read_bytes()
    samples = decode(data).samples[:, :1]
    seconds = len(samples) / RATE
    ears = [ear.live(channels=1) for _ in range(sessions)]
    pieces: list[list[Piece]] = [[] for _ in ears]
    waits, done, used = list[float](), 0.0, time.process_time()
    for number in range(0, len(samples), RATE):
        for live, understood in zip(ears, pieces, strict=True):
            began = time.perf_counter()
            new = live.feed(samples[number : number + RATE].copy())
            done = max(done, number / RATE + 1) + time.perf_counter() - began
            waits += [done - piece.span.end_s for piece in new if not piece.again]
            understood.extend(new)
    began = time.perf_counter()
    for live, understood in zip(ears, pieces, strict=True):
        understood.extend(live.finish())
    after = max(0.0, done - seconds) + time.perf_counter() - began
    cpu = (time.process_time() - used) / seconds / sessions
    turns = told(pieces[0], language=ears[0].language, duration_s=seconds, is_call=False).turns
    waits.sort()
    late, median = waits[int(0.95 * (len(waits) - 1))], statistics.median(waits)
    say(
        f"live        {cpu:.2f} of a core a session; understood after {median:.1f} s (median), {late:.1f} s (95 %)"
    )
    say(
        f"            all of it {after:.1f} s after the end, {len(turns)} turns, {sessions} session(s) at once"
    )
    began, used = time.perf_counter(), time.process_time()
    whole = ear.hear(data)
    took, cpu = time.perf_counter() - began, (time.process_time() - used) / seconds
    say(f"whole file  {cpu:.2f} of a core; all of it {took:.1f} s after the end, {len(whole.turns)} turns")
    say(f"most memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


def say(line: str) -> None:
    """A line of the result."""
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else SAMPLE, int(sys.argv[2]) if len(sys.argv) > 2 else 1)
