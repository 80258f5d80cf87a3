"""English grammar: spaCy's pipeline read from the weights store as data. No code of the package that
carried it runs.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import spacy
from spacy.tokens import Doc

from holdspace.errors import WeightsDamaged

Parser: TypeAlias = Callable[[str], Doc]
"""Text to a parsed document: sentences, parts of speech, heads, entities."""


def load_parser(path: Path) -> Parser:
    """The parser in that folder. Raises WeightsDamaged if spaCy cannot read it."""
    try:
        return spacy.load(path)
    except (OSError, ValueError, KeyError) as error:
        raise WeightsDamaged(
            "The grammar files cannot be read.", then="Run `holdspace models pull spacy-en-core-web-sm`."
        ) from error
