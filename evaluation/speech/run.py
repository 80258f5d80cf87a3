"""Hear the rendered dialogues as if live, and say how well: `python -m evaluation.speech.run [NAME ...]`.

By hand. The audio is made once by `make`; nothing here was tuned on more than the two dialogues named in the README.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from evaluation.speech.score import GoldTurn, HeardWord, Speakers, speakers, word_errors_of

from holdspace.cli.progress import shown_progress
from holdspace.engines.speech.decode import Pcm, decode
from holdspace.engines.speech.ear import RECOGNISER_WEIGHTS, VOICE_WEIGHTS, Ear
from holdspace.engines.speech.live import Piece, told
from holdspace.engines.speech.port import RATE
from holdspace.engines.speech.who import Company
from holdspace.engines.transcript import CLIENT, THERAPIST, Transcript
from holdspace.weights.store import Store, default_root

HOME = Path.home() / ".cache" / "holdspace-speech"
NAMED = (THERAPIST, CLIENT)
"""Labels that claim to be somebody, where the hearing uses them (of three people it names only her); others stand for
whoever they fit best."""
KINDS = ("call", "room", "noisy")
HEADING = "dialogue        kind    speaker   short  words  marked  wrong words  at once"


def main(names: list[str]) -> None:
    """Hear and print."""
    store = Store(default_root())
    ear = Ear.load(whisper=store.path(RECOGNISER_WEIGHTS), voices=store.path(VOICE_WEIGHTS))
    found = [one for one in _dialogues() if not names or one[0].name in names]
    _say(HEADING)
    with shown_progress() as tell:
        for number, (folder, kind) in enumerate(found):
            tell("hearing", number / len(found))
            _say(_measured(ear, folder, kind))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _dialogues() -> Iterator[tuple[Path, str]]:
    for folder in sorted(HOME.iterdir()):
        if (folder / "enrolment.flac").exists():
            yield from ((folder, kind) for kind in KINDS if (folder / f"{kind}.flac").exists())


def _measured(ear: Ear, folder: Path, kind: str) -> str:
    gold = json.loads((folder / f"{kind}.json").read_text(encoding="utf-8"))
    said = [GoldTurn(turn["speaker"], turn["text"], turn["start"], turn["end"]) for turn in gold["turns"]]
    enrolled = decode((folder / "enrolment.flac").read_bytes()).samples[:, 0].astype(np.float32) / 32768
    company = Company(len({one.speaker for one in said}), ear.voice_in(enrolled)[0])
    data = (folder / f"{kind}.flac").read_bytes()
    live = _words(_live(ear, decode(data), company))
    at_once = _words(ear.listen(decode(data), company=company))
    labels = {word.speaker for word in live}
    who = speakers(said, live, named=[name for name in NAMED if name in labels])
    wrong, wrong_at_once = (100 * word_errors_of(said, words).rate for words in (live, at_once))
    return f"{folder.name:<16}{kind:<7}{_row(who)}{wrong:>11.1f} %{wrong_at_once:>7.1f} %"


def _words(heard: Transcript) -> list[HeardWord]:
    return [
        HeardWord(word.text, word.start_s, word.end_s, turn.speaker, turn.is_doubtful)
        for turn in heard.turns
        for word in turn.words
    ]


def _row(who: Speakers) -> str:
    short = f"{who.short.right}/{who.short.turns}"
    wrong = who.turns.turns - who.turns.right
    marked = who.doubtful.turns - who.doubtful.right
    return f"{who.turns.of_heard:>8.3f}{short:>8}{who.of_words:>7.3f}{f'{marked}/{wrong}':>8}"


def _live(ear: Ear, pcm: Pcm, company: Company) -> Transcript:
    live, pieces = ear.live(channels=pcm.channels, people=company.people), list[Piece]()
    for start in range(0, len(pcm.samples), RATE):
        pieces += live.feed(pcm.samples[start : start + RATE].copy())
    pieces += live.finish()
    return told(
        pieces, language=live.language, duration_s=pcm.duration_s, is_call=pcm.channels == 2, company=company
    )


if __name__ == "__main__":
    main(sys.argv[1:])
