"""Measure drafts against gold sessions. The one place that reads a session file's `gold`; drafting never
sees it.

The counting is that of the sessions' own `score.py`: a fact is present when each of its `all_of` groups has
a hit.
"""

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from holdspace.engines.drafting.verify import numbers_in
from holdspace.engines.note import Draft

_STOP = frozenset(
    [
        "a",
        "an",
        "the",
        "and",
        "or",
        "of",
        "to",
        "in",
        "on",
        "at",
        "for",
        "with",
        "w/",
        "is",
        "was",
        "are",
        "be",
        "been",
        "not",
        "no",
        "he",
        "she",
        "they",
        "his",
        "her",
        "their",
        "this",
        "that",
        "it",
        "as",
        "re",
        "by",
        "his/her",
        "i",
        "cl",
        "ct",
        "client",
        "wk",
        "from",
        "but",
        "so",
    ]
)
_EXTRA_NUMBERS = frozenset({"988", "9"})


@dataclass(frozen=True, slots=True)
class Measured:
    """One draft against its gold. Recalls are (found, of); `missed` names facts by importance for the long
    report.
    """

    name: str
    recall: dict[str, tuple[int, int]]
    missed: tuple[str, ...]
    forbidden: tuple[str, ...]
    unsupported_numbers: tuple[str, ...]
    without_evidence: int
    jottings_kept: float
    words: int
    usual_words: int
    off_record_leaks: int
    questions: int
    seconds: float
    is_right_author: bool | None = None


def note_text(draft: Draft) -> str:
    """The note as plain text, one section a line, as the scorer reads it."""
    return "\n".join(f"{s.name}: {' '.join(x.text for x in s.sentences)}" for s in draft.sections)


def measure(document: dict[str, Any], draft: Draft, *, seconds: float) -> Measured:
    """Compare a draft with the gold of its session document."""
    gold, note = document["gold"], note_text(draft)
    facts = {
        rank: [f for f in gold["facts"] if f["importance"] == rank] for rank in ("critical", "major", "minor")
    }
    missed = [f for rank in facts for f in facts[rank] if not _has(note, f["all_of"])]
    turns_off = {t for span in gold.get("off_record", []) for t in span["turns"]}
    sentences = [s for section in draft.sections for s in section.sentences]
    notes = [document.get("prior_note", ""), *document.get("voice_samples", [])]
    return Measured(
        name=document["id"],
        recall={rank: (sum(f not in missed for f in facts[rank]), len(facts[rank])) for rank in facts},
        missed=tuple(f"{f['importance']} {f['id']}: {f['text']}" for f in missed),
        forbidden=_forbidden(gold, note),
        unsupported_numbers=_unsupported(document, note),
        without_evidence=sum(not s.evidence for s in sentences),
        jottings_kept=_kept(document["jottings"], note),
        words=draft.words,
        usual_words=round(median(len(n.split()) for n in notes if n)) if any(notes) else 0,
        off_record_leaks=_leaks(draft, turns_off),
        questions=len(draft.questions),
        seconds=seconds,
    )


def _has(note: str, groups: list[list[str]]) -> bool:
    low = f" {note.lower()} "
    return all(any(alternative in low for alternative in group) for group in groups)


def _forbidden(gold: dict[str, Any], note: str) -> tuple[str, ...]:
    hits = []
    for entry in gold["forbidden"]:
        found = next((m for pattern in entry["any_of"] if (m := re.search(pattern, note, re.I))), None)
        if found:
            hits.append(f"{entry['id']} {entry['text']}: “{found.group(0)}”")
    return tuple(hits)


def _unsupported(document: dict[str, Any], note: str) -> tuple[str, ...]:
    said = " ".join(turn["text"] for turn in document["turns"])
    parts = ("jottings", "prior_note", "treatment_plan", "service", "client", "diagnoses")
    known = (
        numbers_in(said) | numbers_in(json.dumps([document.get(part, "") for part in parts])) | _EXTRA_NUMBERS
    )
    return tuple(
        sorted(
            n for n in set(re.findall(r"\d+", note)) if n not in known and (n.lstrip("0") or "0") not in known
        )
    )


def _kept(jottings: str, note: str) -> float:
    words = {w for w in re.findall(r"[a-z0-9'/-]+", jottings.lower()) if w not in _STOP and len(w) > 2}
    return sum(w in note.lower() for w in words) / max(1, len(words))


def _leaks(draft: Draft, turns_off: set[int]) -> int:
    evidence = [e for section in draft.sections for s in section.sentences for e in s.evidence]
    evidence += [e for q in draft.questions for e in q.evidence] + [
        e for o in draft.left_out for e in o.evidence
    ]
    return sum(e.turn in turns_off for e in evidence)


def pick_author(note: str, samples: Sequence[Sequence[str]]) -> int:
    """Index of the clinician whose samples are nearest; chance is 1 in `len(samples)`.

    Cosine of character 4-grams, each weighted by how few of the clinicians use it, so that habits count.
    """
    profiles = [_grams(" ".join(notes)) for notes in samples]
    rarity = {gram: 1 + len(samples) - sum(gram in p for p in profiles) for p in profiles for gram in p}
    weighed = [_weighed(profile, rarity) for profile in profiles]
    mine = _weighed(_grams(note), rarity)
    return max(range(len(samples)), key=lambda i: _cosine(mine, weighed[i]))


def _weighed(grams: Counter[str], rarity: dict[str, int]) -> dict[str, float]:
    return {
        gram: math.log1p(count) * math.log(rarity[gram]) for gram, count in grams.items() if gram in rarity
    }


def _grams(text: str, size: int = 4) -> Counter[str]:
    flat = re.sub(r"\s+", " ", text)
    return Counter(flat[i : i + size] for i in range(len(flat) - size + 1))


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    shared = sum(one[g] * other[g] for g in one.keys() & other.keys())
    length = (sum(v * v for v in one.values()) * sum(v * v for v in other.values())) ** 0.5
    return shared / length if length else 0.0


def gold_sessions(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Session files in a folder that carry gold, by name."""
    read = [(path, json.loads(path.read_text(encoding="utf-8"))) for path in sorted(folder.glob("*.json"))]
    return [(path, document) for path, document in read if "gold" in document]
