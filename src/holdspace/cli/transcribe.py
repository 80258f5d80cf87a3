"""`holdspace transcribe`: a recording becomes turns, on this machine, without a database."""

import json
import sys
from pathlib import Path
from typing import Annotated, TypedDict

import typer

from holdspace.cli.progress import shown_progress
from holdspace.engines.speech.decode import decode
from holdspace.engines.speech.ear import RECOGNISER_WEIGHTS, VOICE_WEIGHTS, Ear
from holdspace.engines.transcript import Transcript, Turn
from holdspace.errors import BadInput
from holdspace.weights.store import Store, default_root


class WordJson(TypedDict):
    text: str
    t0: float
    t1: float
    probability: float


class TurnJson(TypedDict):
    i: int
    speaker: str
    t0: float
    t1: float
    text: str
    words: list[WordJson]


class TranscriptJson(TypedDict):
    """What `--json` prints: turns as in a session file, with each word's time and probability."""

    language: str
    duration_s: float
    cut_off: bool
    turns: list[TurnJson]


def command(
    audio: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Any recording FFmpeg can read.")
    ],
    *,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print JSON with every word's probability.")
    ] = False,
    vocabulary: Annotated[
        Path | None,
        typer.Option(exists=True, dir_okay=False, help="Names and words to expect, one a line."),
    ] = None,
) -> None:
    """Write down a recording: who said what, with the recogniser's own doubts kept."""
    words = read_vocabulary(vocabulary.read_text(encoding="utf-8")) if vocabulary else ()
    pcm = decode(audio.read_bytes())
    with shown_progress() as progress:
        transcript = loaded_ear().listen(pcm, vocabulary=words, progress=progress)
    if as_json:
        json.dump(transcript_json(transcript, cut_off=pcm.cut_off), sys.stdout, ensure_ascii=False, indent=1)
        sys.stdout.write("\n")
    else:
        sys.stdout.writelines(
            f"[{_clock(turn.start_s)}] {turn.speaker}: {turn.text}\n" for turn in transcript.turns
        )
    if pcm.cut_off:
        raise BadInput(
            "The recording was cut off: it ends before its own header says.",
            kept="What could be heard is above.",
            then="Check whether the original file is longer.",
        )


def loaded_ear() -> Ear:
    """The ear of this machine's weights. Raises WeightsMissing or WeightsDamaged."""
    store = Store(default_root())
    return Ear.load(whisper=store.path(RECOGNISER_WEIGHTS), voices=store.path(VOICE_WEIGHTS))


def read_vocabulary(text: str) -> tuple[str, ...]:
    """Words or names, one a line; a line that begins with # is a remark."""
    lines = (line.strip() for line in text.splitlines())
    return tuple(line for line in lines if line and not line.startswith("#"))


def transcript_json(transcript: Transcript, *, cut_off: bool) -> TranscriptJson:
    """The transcript as `--json` prints it."""
    return TranscriptJson(
        language=transcript.language,
        duration_s=round(transcript.duration_s, 2),
        cut_off=cut_off,
        turns=[_turn_json(turn) for turn in transcript.turns],
    )


def _turn_json(turn: Turn) -> TurnJson:
    words = [
        WordJson(
            text=w.text, t0=round(w.start_s, 2), t1=round(w.end_s, 2), probability=round(w.probability, 3)
        )
        for w in turn.words
    ]
    return TurnJson(
        i=turn.index,
        speaker=turn.speaker,
        t0=round(turn.start_s, 2),
        t1=round(turn.end_s, 2),
        text=turn.text,
        words=words,
    )


def _clock(seconds: float) -> str:
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes:02d}:{rest:02d}"
