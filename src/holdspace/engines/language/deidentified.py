"""A language model that is told nobody's name: what could tell who is spoken of is replaced before, and put back after.

    "Ruth met Daniel in Portland."  ──▶  "[NAME-1] met [NAME-2] in [PLACE-1]."  ──▶ the model ──▶ names put back

The same words get the same placeholder throughout a request, another request begins anew. A placeholder the model made
up stays as it is, and the check that reads the answer refuses it.
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from holdspace.engines.language.identifiers import Identifiers
from holdspace.engines.language.port import LanguageModel, Schema
from holdspace.errors import EngineFailed

PLACEHOLDER = re.compile(r"\[([A-Z]+)-(\d+)\]")
_FORM_OF_ONE = re.compile(r"(?:'s|’s|'|’)$")


@dataclass(frozen=True, slots=True)
class Told:
    """A text with placeholders, and what each stands for."""

    text: str
    stands_for: Mapping[str, str]

    @property
    def replaced(self) -> int:
        """How many identifiers were replaced."""
        return len(PLACEHOLDER.findall(self.text))

    def put_back(self, answer: str, *, is_json: bool) -> str:
        """The answer with what each placeholder stands for; in JSON, escaped as JSON wants it."""

        def one(found: re.Match[str]) -> str:
            word = self.stands_for.get(found.group(), found.group())
            return json.dumps(word, ensure_ascii=False)[1:-1] if is_json else word

        return PLACEHOLDER.sub(one, answer)


@dataclass(frozen=True, slots=True)
class Deidentifier:
    """Replaces identifiers. `names` are the record's own; `ours` are texts of ours, which name nobody and are left."""

    identifiers: Identifiers
    names: tuple[str, ...]
    ours: tuple[str, ...] = ()

    def tell(self, text: str) -> Told:
        """The text without them. Raises EngineFailed for a text that holds something like a placeholder already."""
        if PLACEHOLDER.search(text):
            raise EngineFailed("The text holds what looks like a placeholder.")
        given = _Placeholders()
        pieces = re.split("(" + "|".join(map(re.escape, self.ours)) + ")", text) if self.ours else [text]
        told = [piece if piece in self.ours else self._replaced(piece, given) for piece in pieces]
        return Told("".join(told), given.stands_for)

    def _replaced(self, text: str, given: "_Placeholders") -> str:
        made, at = [], 0
        for span in self.identifiers.find(text, self.names):
            word = _FORM_OF_ONE.sub("", text[span.start : span.end])
            made += [text[at : span.start], given.for_(word, span.kind)]
            at = span.start + len(word)
        return "".join([*made, text[at:]])


@dataclass(frozen=True, slots=True)
class DeidentifiedModel:
    """Any language model, told only what a deidentifier lets pass."""

    inner: LanguageModel
    deidentifier: Deidentifier

    def complete(self, prompt: str, *, schema: Schema | None, max_tokens: int) -> str:
        """See the port."""
        told = self.deidentifier.tell(prompt)
        answer = self.inner.complete(told.text, schema=schema, max_tokens=max_tokens)
        return told.put_back(answer, is_json=schema is not None)


@dataclass(slots=True)
class _Placeholders:
    """Those given so far in one request."""

    stands_for: dict[str, str] = field(default_factory=dict)

    def for_(self, word: str, kind: str) -> str:
        for known, said in self.stands_for.items():
            if said == word:
                return known
        number = 1 + sum(placeholder.startswith(f"[{kind}-") for placeholder in self.stands_for)
        made = f"[{kind}-{number}]"
        self.stands_for[made] = word
        return made


def names_in(*lines: Iterable[str]) -> tuple[str, ...]:
    """The names that were given, without the empty ones."""
    return tuple(dict.fromkeys(name.strip() for line in lines for name in line if name.strip()))
