"""What a run found as JSON, stable from version 1 on (docs/reference/promises.md), and read back.

It names the program, the machine's kind and the installation by a number that tells nothing; no client and nobody who
works here.
"""

import hashlib
import importlib.metadata
import json
import platform
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

from holdspace.audit.models import ChainEnd
from holdspace.proof.promise import GROUPS, KEPT, WORDS, Result, State
from holdspace.vault.keys import ring
from holdspace.weights.store import Store

VERSION = 1
INSTALLATION = "log-heads"
"""The purpose whose key the installation's number comes from: the same every time, and telling nothing."""
DIGITS = 12


@dataclass(frozen=True, slots=True)
class Report:
    """One run's report, read back for the page and the paper."""

    at: datetime
    installation: dict[str, Any]
    results: tuple[Result, ...]
    is_whole: bool
    sha256: str

    @property
    def kept(self) -> int:
        """How many promises were kept."""
        return sum(result.state == KEPT for result in self.results)

    @property
    def all_kept(self) -> bool:
        """Whether every promise there is was tried and kept."""
        return self.is_whole and bool(self.results) and self.kept == len(self.results)

    @property
    def counts(self) -> dict[str, int]:
        """How many ended how, by the words for it."""
        found = Counter(result.state for result in self.results)
        return {words: found[state] for state, words in WORDS.items() if found[state]}

    def group(self, number: int) -> tuple[Result, ...]:
        """The results of one test of the mission."""
        return tuple(result for result in self.results if result.number.startswith(f"{number}."))


def written(results: Iterable[Result], *, is_whole: bool) -> str:
    """The report as JSON text: what is kept, handed out, and fingerprinted."""
    every = list(results)
    counts = Counter(result.state for result in every)
    told = {
        "version": VERSION,
        "at": timezone.now().replace(microsecond=0).isoformat(),
        "installation": _installation(),
        "all_kept": is_whole and bool(every) and counts[KEPT] == len(every),
        "is_whole": is_whole,
        "counts": {state: counts[state] for state in WORDS},
        "groups": {str(number): title for number, title in GROUPS.items()},
        "promises": [result.as_values() for result in every],
    }
    return json.dumps(told, ensure_ascii=False, indent=1)


def fingerprint(text: str) -> str:
    """The SHA-256 of exactly this text."""
    return hashlib.sha256(text.encode()).hexdigest()


def read(text: str) -> Report:
    """A report back from its text."""
    told = json.loads(text)
    return Report(
        at=datetime.fromisoformat(told["at"]),
        installation=told["installation"],
        results=tuple(_result(values) for values in told["promises"]),
        is_whole=told["is_whole"],
        sha256=fingerprint(text),
    )


def _result(values: dict[str, Any]) -> Result:
    state: State = values["state"]
    return Result(**{**values, "state": state, "seen": tuple(values["seen"])})


def _installation() -> dict[str, Any]:
    store = Store(settings.CONFIG.weights)
    end = ChainEnd.objects.filter(pk=1).first()
    return {
        "number": hashlib.sha256(b"installation" + ring.key_for(INSTALLATION)).hexdigest()[:DIGITS],
        "holdspace": importlib.metadata.version("holdspace"),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "database": "SQLCipher" if connection.vendor == "sqlite" else "PostgreSQL",
        "models": {entry.name: entry.sha256 for entry in store.entries if store.present(entry.name)},
        "log": {"entries": end.number, "sha256": end.sha256} if end else {},
    }
