"""What is printed: a template of ours and its words, typeset by typst.

The words reach the template as strings in one JSON input, so nothing a person typed or said is ever read as typst
markup. Everything happens in memory.
"""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import typst


def typeset(template: bytes, name: str, words: Mapping[str, object], *, dated: datetime) -> bytes:
    """A PDF (US Letter, tagged for screen readers) whose own date is `dated`: the same words print to the same bytes.

    The template reads them as the input `name`.
    """
    rendered = typst.compile(
        template,
        format="pdf",
        sys_inputs={name: json.dumps(words)},
        timestamp=dated.astimezone(UTC).replace(microsecond=0),
    )
    if not isinstance(rendered, bytes):  # a list would mean one file per page, which is for pictures only
        raise TypeError("typst gave pages instead of one document")
    return rendered
