"""A real server while sessions are heard: `python -m bench.room [MINUTES] [SESSIONS] [PACE] [SPOKEN]`.

By hand, on a quiet machine. The sample session is played over and over, a second each 1/PACE seconds (PACE 1: as it is
said), into as many sessions at once; with SPOKEN below 1 the rest of the time is silence. Meanwhile pages are opened as
she would. Printed: how far hearing fell behind, the pages' times, processor and memory of the server and of its speech
process at a quarter of the time and at the end, and how long after End the draft was there.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from threading import Event, Thread

from tests.faults.processes import BOOKED, SET_UP, run_here
from tests.faults.served import Window, drafted, free_port, serving, speech_process

from holdspace.cli.progress import shown_progress
from holdspace.engines.speech.decode import decode
from holdspace.engines.speech.port import RATE

SAMPLE = Path(__file__).parents[1] / "src" / "holdspace" / "demo_data" / "session.ogg"
PAGES = ("/", "/clients/", "/voice/")
SPEAKING_S = 12
"""Seconds not understood yet while somebody speaks on."""
MORE = """
for day in range(2, {sessions} + 1):
    later = start + timedelta(days=day)
    print(start_session(maya, book_appointment(maya, ruth, start=later, end=later + timedelta(minutes=50))).pk)
"""


def main(minutes: float, sessions: int, pace: float, spoken: float) -> None:
    """Measure and print."""
    samples = decode(SAMPLE.read_bytes()).samples[:, 0]
    sound = [samples[n : n + RATE].tobytes() for n in range(0, len(samples) - RATE, RATE)]
    sound += [bytes(len(sound[0]))] * round(len(sound) * (1 / spoken - 1))
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "HOLDSPACE_HOME": f"{folder}/practice",
            "HOLDSPACE_PASSPHRASE_FILE": f"{folder}/passphrase",
            "PYTHONPATH": ":".join(sys.path),
        }
        Path(folder, "passphrase").write_text("harbor lamp mosaic\n", encoding="utf-8")
        ids = run_here(
            environment, SET_UP, BOOKED, "print(session.pk)", MORE.format(sessions=sessions)
        ).split()
        port = free_port()
        with serving(environment, port) as server:
            _measure(server.pid, [_signed_in(port, one) for one in ids], sound, round(60 * minutes), pace)


def _signed_in(port: int, session: str) -> Window:
    window = Window(port, session)
    window.sign_in()
    window.line("begin", mode="room", format="DAP", token="hers")  # noqa: S106  # which browser it is, not a secret
    return window


def _measure(server: int, windows: list[Window], sound: list[bytes], seconds: int, pace: float) -> None:
    stop, times, behind, memory = Event(), list[float](), list[int](), list[tuple[float, float]]()
    reader = Thread(target=_read_pages, args=(windows[0], stop, times))
    reader.start()
    began = time.perf_counter()
    with shown_progress() as tell:
        for number in range(seconds):
            time.sleep(max(0.0, began + (number + 1) / pace - time.perf_counter()))
            for window in windows:
                line = window.send(number, sound[number % len(sound)])
                while line["next"] <= number or line["next"] - line["heard"] > 120:
                    time.sleep(0.5)  # it is fed faster than it hears
                    line = window.line("state")
                behind.append(line["next"] - line["heard"])
            if number in (seconds // 4, seconds - 1):
                memory.append((_gigabytes(server), _gigabytes(speech_process(server))))
            tell("hearing", (number + 1) / seconds)
    took = time.perf_counter() - began
    while line["next"] - line["heard"] > SPEAKING_S:  # fed faster than it was said, it is still behind
        time.sleep(0.5)
        line = windows[0].line("state")
    used = _processor_s(server), _processor_s(speech_process(server))
    stop.set()
    reader.join()
    ended = time.perf_counter()
    drafted(windows[0], total=seconds)
    waited = time.perf_counter() - ended
    times.sort()
    behind.sort()
    late = times[int(0.95 * (len(times) - 1))] * 1000
    say(f"heard       {seconds} s of {len(windows)} session(s) in {took:.0f} s")
    say(f"behind      {statistics.median(behind)} s median, {behind[int(0.95 * (len(behind) - 1))]} s (95 %)")
    say(
        f"pages       {statistics.median(times) * 1000:.0f} ms median, {late:.0f} ms (95 %), {len(times)} opened"
    )
    say(f"processor   {used[0] / seconds:.2f} and {used[1] / seconds:.2f} of a core: server, speech process")
    for when, (ours, theirs) in zip(("a quarter", "the end"), memory, strict=False):
        say(f"memory      {ours:.2f} + {theirs:.2f} GB at {when}")
    say(f"draft       {waited:.1f} s after End")


def _read_pages(window: Window, stop: Event, times: list[float]) -> None:
    window = _copy(window)
    while not stop.wait(0.5):
        for page in (*PAGES, f"/sessions/{window.session}/"):
            began = time.perf_counter()
            status, _ = window.ask("GET", page)
            times.append(time.perf_counter() - began)
            if status != 200:
                raise RuntimeError(f"{page} answered {status}")


def _copy(window: Window) -> Window:
    made = Window(window.port, window.session)
    made.cookies = dict(window.cookies)
    return made


def _gigabytes(pid: int) -> float:
    """Resident memory."""
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1e6
    return 0.0


def _processor_s(pid: int) -> float:
    """Processor seconds used, user and system."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def say(line: str) -> None:
    """A line of the result."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    asked = [float(word) for word in sys.argv[1:]]
    minutes_, sessions_, pace_, spoken_ = asked + [3.0, 1.0, 1.0, 1.0][len(asked) :]
    main(minutes_, round(sessions_), pace_, spoken_)
