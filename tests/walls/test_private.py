"""Psychotherapy notes are named where they are kept, read and written by their author, and nowhere else in the source.

Whatever comes to read records (a draft, an export, a search, an appeal, a backup page) would have to name them, and so
is seen here before it ships.
"""

import re

from tests.walls.tree import SOURCE, modules, short

NAMED = re.compile(r"PsychotherapyNote|private_note|psychotherapynote", re.IGNORECASE)
WHERE = {
    "chart/models.py",  # what it is
    "chart/queries.py",  # read by its author
    "chart/actions.py",  # written by its author
    "chart/views/private.py",  # its one page
    "chart/history.py",  # whose record an entry of the log is about; no text
}


def named(text: str) -> bool:
    """Whether a source text names them."""
    return bool(NAMED.search(text))


def test_nothing_but_their_own_page_names_them() -> None:
    found = {
        short(path).removeprefix(f"{short(SOURCE)}/")
        for path in modules()
        if named(path.read_text(encoding="utf-8"))
    }
    assert found == WHERE


def test_the_wall_sees_every_way_to_name_them() -> None:
    assert named("rows = PsychotherapyNote.objects.all()")
    assert named('apps.get_model("chart", "psychotherapynote")')
    assert named("queries.private_note(actor, session)")
    assert not named("a psychotherapy session and its progress note")
