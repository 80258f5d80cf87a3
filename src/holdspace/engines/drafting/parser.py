"""English grammar: spaCy's pipeline read from the weights store as data. No code of the package that
carried it runs.
"""

from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import TypeAlias

import spacy
from spacy.tokens import Doc

from holdspace.errors import WeightsDamaged

Parser: TypeAlias = Callable[[str], Doc]
"""Text to a parsed document: sentences, parts of speech, heads, entities."""


class Remembering:
    """A parser that parses each text once, for one session: half of a draft's texts come up again.

    What it remembers is what was said. Whoever makes one forgets it with the draft.
    """

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._known: dict[str, Doc] = {}

    def __call__(self, text: str) -> Doc:
        """The text parsed, now or before."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = self._parser(text)
        return known


def load_parser(path: Path) -> Parser:
    """The parser in that folder, for any thread. Raises WeightsDamaged if spaCy cannot read it."""
    try:
        parser = spacy.load(path)
    except (OSError, ValueError, KeyError) as error:
        raise WeightsDamaged(
            "The grammar files cannot be read.", then="Run `holdspace models pull spacy-en-core-web-sm`."
        ) from error
    lock = Lock()

    def parse(text: str) -> Doc:
        with lock:  # spaCy's vocabulary grows as it reads
            return parser(text)

    return parse
