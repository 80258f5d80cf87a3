"""What asking a small local language model for the whole note gives, beside our draft of the same session.

    python -m bench.whole_note DIR [--weights NAME] [--sessions N] [--only model|draft]

DIR holds session files and the `score.py` that knows their gold. The model is given what we draft from:
the transcript, the jottings, the plan, and an earlier note of hers as the example. Minutes per session; by
hand.
"""

import argparse
import json
import runpy
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from holdspace.engines.drafting.format import load_format
from holdspace.engines.language.builtin import load_builtin
from holdspace.engines.language.port import LanguageModel
from holdspace.errors import HoldspaceError
from holdspace.weights.store import Store, default_root

WEIGHTS = "qwen2.5-coder-1.5b-instruct-q4"
CONTEXT_TOKENS = 8192
LONGEST_SECTION_CHARACTERS = 900
LONGEST_NOTE_TOKENS = 1400
PROMPT = (Path(__file__).parent / "whole_note_prompt.txt").read_text(encoding="utf-8")

Session = dict[str, Any]
Score = Callable[[Session, str], dict[str, Any]]


@dataclass(frozen=True)
class Row:
    """One note and its figures."""

    session: str
    how: str
    seconds: float
    scored: dict[str, Any]

    def cells(self) -> list[str]:
        """The row as printed:

        recalls of critical, major and minor facts, then faults, then words and seconds.
        """
        recalls = [self.scored[weight]["recall"] for weight in ("critical", "major", "minor")]
        return [
            self.session,
            self.how,
            *("–" if recall is None else f"{recall:.2f}" for recall in recalls),
            str(len(self.scored["forbidden"])),
            str(len(self.scored["unsupported_numbers"])),
            str(self.scored["words"]),
            f"{self.seconds:.0f}",
        ]


HEADER = [
    "session",
    "how",
    "critical",
    "major",
    "minor",
    "forbidden",
    "unsupported numbers",
    "words",
    "seconds",
]


def main() -> int:
    """Print the table, row by row as notes arrive, then the totals."""
    asked = _arguments()
    score: Score = runpy.run_path(str(asked.dir / "score.py"))["score"]
    writers = _writers(asked)
    print(_line(HEADER), _line(["---"] * len(HEADER)), sep="\n")
    rows: list[Row] = []
    for path in sorted(asked.dir.glob("*.json"))[: asked.sessions]:
        session = json.loads(path.read_text(encoding="utf-8"))
        for how, write in writers.items():
            rows.append(_scored(session, path, how, write, score))
            print(_line(rows[-1].cells()), flush=True)
    for how in writers:
        print(_line(_total(how, [row for row in rows if row.how == how])))
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dir", type=Path)
    parser.add_argument("--weights", default=WEIGHTS)
    parser.add_argument("--sessions", type=int, default=None, help="only the first N")
    parser.add_argument("--only", choices=("model", "draft"), default=None, help="only one of the two")
    return parser.parse_args()


def _writers(asked: argparse.Namespace) -> dict[str, Callable[[Session, Path], str]]:
    writers: dict[str, Callable[[Session, Path], str]] = {}
    if asked.only != "draft":
        gguf = Store(default_root()).path(asked.weights)
        writers[asked.weights] = _asked_of(load_builtin(gguf, context_tokens=CONTEXT_TOKENS))
    if asked.only != "model":
        writers["holdspace draft"] = _drafted
    return writers


def _scored(
    session: Session, path: Path, how: str, write: Callable[[Session, Path], str], score: Score
) -> Row:
    started = time.perf_counter()
    note = write(session, path)
    return Row(session["id"], how, time.perf_counter() - started, score(session, note))


def _asked_of(model: LanguageModel) -> Callable[[Session, Path], str]:
    def ask(session: Session, _path: Path) -> str:
        prompt = PROMPT.format(
            format=session["note_format"],
            example=session["prior_note"],
            plan=_plan(session["treatment_plan"]),
            jottings=session["jottings"],
            transcript="\n".join(f"{turn['speaker']}: {turn['text']}" for turn in session["turns"]),
        )
        try:
            written = model.complete(prompt, schema=_schema(session), max_tokens=LONGEST_NOTE_TOKENS)
        except HoldspaceError as error:
            print(f"{session['id']}: {error}", file=sys.stderr)
            return ""
        return "\n".join(f"{name}: {text}" for name, text in json.loads(written).items())

    return ask


def _schema(session: Session) -> dict[str, object]:
    """The note's sections, each bounded:

    asked without bounds the model copies the transcript or repeats itself.
    """
    names = [section.name for section in load_format(session["note_format"]).sections]
    section = {"type": "string", "maxLength": LONGEST_SECTION_CHARACTERS}
    properties = dict.fromkeys(names, section)
    return {"type": "object", "properties": properties, "required": names, "additionalProperties": False}


def _plan(plan: dict[str, Any]) -> str:
    goals = plan.get("goals", [])
    return "\n".join(objective["text"] for goal in goals for objective in goal.get("objectives", []))


def _drafted(_session: Session, path: Path) -> str:
    command = [str(Path(sys.executable).parent / "holdspace"), "draft", str(path), "--json"]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode:
        print(f"{path.stem}: {ran.stderr.strip()}", file=sys.stderr)
        return ""
    return "\n".join(_section(section) for section in json.loads(ran.stdout)["sections"])


def _section(section: dict[str, Any]) -> str:
    return f"{section['name']}: " + " ".join(sentence["text"] for sentence in section["sentences"])


def _total(how: str, rows: list[Row]) -> list[str]:
    scored = [row.scored for row in rows]
    return [
        "all",
        how,
        *(f"{_recall(scored, weight):.2f}" for weight in ("critical", "major", "minor")),
        str(sum(len(one["forbidden"]) for one in scored)),
        str(sum(len(one["unsupported_numbers"]) for one in scored)),
        str(sum(one["words"] for one in scored)),
        f"{sum(row.seconds for row in rows):.0f}",
    ]


def _recall(scored: Iterable[dict[str, Any]], weight: str) -> float:
    facts: list[dict[str, Any]] = [one[weight] for one in scored if one[weight]["n"]]
    found: int = sum(fact["n"] - len(fact["missed"]) for fact in facts)
    said: int = sum(fact["n"] for fact in facts)
    return found / max(1, said)


def _line(cells: list[str]) -> str:
    return "| " + " | ".join(cells) + " |"


if __name__ == "__main__":
    sys.exit(main())
