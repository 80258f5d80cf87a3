"""`python -m evaluation.deidentify.run [FOLDER...]`: recall of names, by kind, and what was missed.

Three measures over the same gold: every turn as it is written; every turn without a capital (the worst a recogniser can
do to names); and what would really leave, the sentences a model is asked to reword.
"""

import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import spacy
import yaml

from holdspace.cli.draft import draft_session, format_for
from holdspace.engines.drafting.parser import Remembering, load_parser
from holdspace.engines.drafting.phrase import TemplatePhraser
from holdspace.engines.drafting.phrase_model import OURS, ModelPhraser
from holdspace.engines.drafting.session_file import read_session
from holdspace.engines.language.deidentified import Deidentifier, Told
from holdspace.engines.language.identifiers import Identifiers, names_heard
from holdspace.weights.store import Store, default_root

HERE = Path(__file__).parent
SESSIONS = HERE.parent / "sessions"
CLIENT, CLINICIAN, PARTICIPANTS = "client", "clinician", "others in the room"
KINDS = (CLIENT, CLINICIAN, PARTICIPANTS, "people", "places", "organisations")


@dataclass
class Counted:
    """Names found of names there, by kind, and those missed."""

    found: Counter[str] = field(default_factory=Counter)
    there: Counter[str] = field(default_factory=Counter)
    missed: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    words: int = 0
    replaced: int = 0

    def add(self, text: str, told: Told, gold: dict[str, tuple[str, ...]], case: str) -> None:
        """Count a text: a name is found when it does not stand in what was told as often as nobody replaced it."""
        self.words += len(text.split())
        self.replaced += told.replaced
        for kind, names in gold.items():
            for name in names:
                there = len(_occurrences(name, text, case))
                left = len(_occurrences(name, told.text, case))
                self.there[kind] += there
                self.found[kind] += there - left
                if left:
                    self.missed[kind][name] += left


class _Asked:
    """A model that keeps what it was asked and says nothing of use."""

    def __init__(self) -> None:
        self.prompts: list[str] = []

    def complete(self, prompt: str, *, schema: object, max_tokens: int) -> str:  # noqa: ARG002  # the port's
        self.prompts.append(prompt)
        return "{}"


def main(folders: list[Path]) -> None:
    """Measure the sessions in these folders."""
    path = Store(default_root()).path("spacy-en-core-web-sm")
    identifiers, parser = Identifiers(spacy.load(path)), Remembering(load_parser(path))
    marked = yaml.safe_load((HERE / "gold.yaml").read_text(encoding="utf-8"))
    counts = {name: Counted() for name in ("turns", "turns without capitals", "what would leave")}
    for file in sorted(file for folder in folders for file in folder.glob("*.json")):
        if file.stem not in marked:
            continue
        told = json.loads(file.read_text(encoding="utf-8"))
        gold = _gold(told, marked[file.stem])
        knows = tuple(name for kind in (CLIENT, CLINICIAN, PARTICIPANTS) for name in _names(told)[kind])
        texts = [turn["text"] for turn in told.get("turns") or told["transcript"]]
        deidentifier = Deidentifier(identifiers, (*knows, *names_heard(identifiers, texts)), OURS)
        without = Deidentifier(identifiers, knows, OURS)
        for text in texts:
            counts["turns"].add(text, deidentifier.tell(text), gold, "as written")
            low = text.lower()
            counts["turns without capitals"].add(low, without.tell(low), gold, "any")
        for prompt in _asked(file, parser):
            counts["what would leave"].add(prompt, deidentifier.tell(prompt), gold, "as written")
    for name, counted in counts.items():
        sys.stdout.write("\n".join(_report(name, counted)) + "\n\n")


def _asked(file: Path, parser: Remembering) -> list[str]:
    session = read_session(file.read_bytes(), file.name)
    asked = _Asked()
    phraser = ModelPhraser(asked, TemplatePhraser(parser))
    draft_session(session, format_for(session.note_format), phraser, parser)
    return asked.prompts


def _names(told: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    others = [one["name"] for one in told.get("participants") or () if one.get("name")]
    client = told["client"]
    return {
        CLIENT: (client["name"], *client.get("former_names", ())),
        CLINICIAN: (told["clinician"]["name"],),
        PARTICIPANTS: tuple(name for name in others if name != client["name"]),
    }


def _gold(told: dict[str, Any], marked: dict[str, list[str]]) -> dict[str, tuple[str, ...]]:
    """Every name by kind, the record's in parts; each name counts once, under its first kind."""
    known = {kind: _parts(names) for kind, names in _names(told).items()}
    seen = set[str]()
    gold = dict[str, tuple[str, ...]]()
    for kind in KINDS:
        names = known.get(kind, tuple(marked.get(kind, ())))
        gold[kind] = tuple(name for name in dict.fromkeys(names) if name not in seen)
        seen |= set(names)
    return gold


def _parts(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(part for name in names for part in re.findall(r"\w{2,}", name))


def _occurrences(name: str, text: str, case: str) -> list[str]:
    pattern = rf"(?<!\w){re.escape(name)}(?!\w)".replace("'", "['’]")
    return re.findall(pattern, text, re.IGNORECASE if case == "any" else 0)


def _report(name: str, counted: Counted) -> Iterator[str]:
    yield f"{name}: {counted.words} words, {counted.replaced} replaced ({counted.replaced / max(1, counted.words):.1%})"
    for kind in KINDS:
        there, found = counted.there[kind], counted.found[kind]
        if there:
            missed = ", ".join(f"{word} ×{times}" for word, times in counted.missed[kind].most_common())
            yield f"  {kind:<20} {found:>4} of {there:>4}  {found / there:7.1%}   missed: {missed or 'nothing'}"


if __name__ == "__main__":
    main([Path(given) for given in sys.argv[1:]] or [SESSIONS / "build", SESSIONS / "measure"])
