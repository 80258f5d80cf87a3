"""A language model's server that is not this machine: told as little as can be, and every request written down first.

Imported by the doorway alone, and only where the switch, the list of hosts, an agreement and the consents allow it.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import spacy

from holdspace.assist.rules import Record
from holdspace.engines.drafting.phrase_model import OURS
from holdspace.engines.language.deidentified import Deidentifier, Told, names_in
from holdspace.engines.language.http import HttpLanguageModel
from holdspace.engines.language.identifiers import Identifiers, names_heard
from holdspace.engines.language.port import LanguageModel, Schema
from holdspace.errors import EngineFailed, HoldspaceError
from holdspace.outbound.gateway import Gateway, sender
from holdspace.outside.queries import LanguageServer

Note = Callable[[int, int], object]
"""Writes a request down before it leaves: how many words, how many identifiers were replaced."""
LEAST_CAPITALS = 0.03
"""Of the words of a session. Below, names are written small too and would be missed (evaluation/deidentify)."""


@dataclass(frozen=True, slots=True)
class RemoteModel:
    """Keeps the port of `engines.language`. Without a deidentifier the server is the practice's own."""

    inner: LanguageModel
    note: Note
    deidentifier: Callable[[], Deidentifier] | None

    def complete(self, prompt: str, *, schema: Schema | None, max_tokens: int) -> str:
        """See the port. Whatever keeps the request from leaving is an engine that failed: the plain wording stays."""
        try:
            told = self.deidentifier().tell(prompt) if self.deidentifier else Told(prompt, {})
            self.note(len(told.text.split()), told.replaced)
            answer = self.inner.complete(told.text, schema=schema, max_tokens=max_tokens)
            return told.put_back(answer, is_json=schema is not None)
        except EngineFailed:
            raise
        except HoldspaceError as error:
            raise EngineFailed(error.what, then=error.then) from error


def remote_for(
    server: LanguageServer, record: Record, *, grammar: Path, through: Gateway, note: Note
) -> LanguageModel | None:
    """The server's model for one session; None where names could not be told from other words.

    Names are looked for when it is first asked.
    """
    inner = HttpLanguageModel(sender(through), server.url, server.model)
    if server.is_ours:
        return RemoteModel(inner, note, None)
    said = [*(turn.text for turn in record.turns), record.jottings]
    if not has_capitals(said):
        return None
    return RemoteModel(inner, note, cache(lambda: _deidentifier(record, said, grammar)))


def _deidentifier(record: Record, said: list[str], grammar: Path) -> Deidentifier:
    identifiers = _identifiers(grammar)
    known = names_in(
        [record.client.name, record.clinician.name, *record.former_names],
        [someone.name for someone in record.others],
        names_heard(identifiers, said),
    )
    return Deidentifier(identifiers, known, OURS)


def has_capitals(texts: Iterable[str]) -> bool:
    """Whether these are written with capitals, so that a name can be told by one."""
    words: list[str] = [word for text in texts for word in re.findall(r"[^\W\d_][\w'’]*", text)]
    return sum(word[0].isupper() for word in words) >= LEAST_CAPITALS * len(words)


@lru_cache(maxsize=1)
def _identifiers(grammar: Path) -> Identifiers:
    return Identifiers(spacy.load(grammar))
