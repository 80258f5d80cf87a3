"""A note held while something is done to it: two windows act one after the other, each from what the other left."""

from holdspace.chart.models import LeftOutPart, NoteQuestion, NoteSentence, ProgressNote, refuse_if_signed
from holdspace.errors import NotAllowed


def hold(note: ProgressNote, part: NoteSentence | NoteQuestion | LeftOutPart | None = None) -> ProgressNote:
    """The note as it is now, until the transaction ends; a part of it that was read before is made as it is now too.

    Raises NotAllowed where either is gone or the part is another note's, AlreadySigned.
    """
    held = ProgressNote.objects.select_for_update(of=("self",)).filter(pk=note.pk).first()
    is_there = part is None or type(part).objects.filter(pk=part.pk, note_id=note.pk).exists()
    if held is None or not is_there:
        raise NotAllowed("There is no such record.")
    refuse_if_signed(held.pk)
    if part is not None:
        part.refresh_from_db()
    return held
