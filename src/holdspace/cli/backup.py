"""`holdspace backup`: one encrypted, verified file of the whole practice. What was stopped goes on where it was."""

import sys

from holdspace.cli.practice import open_practice, start_django
from holdspace.cli.progress import shown_progress


def command() -> None:
    """Make a backup now. It goes to the folder HOLDSPACE_BACKUPS names and is read back before it counts."""
    start_django()
    open_practice()
    from django.conf import settings  # noqa: PLC0415  # read when it is configured

    from holdspace.access.actor import Actor  # noqa: PLC0415  # models need a started Django
    from holdspace.people.opening import practices  # noqa: PLC0415  # likewise
    from holdspace.workflows.backups import back_up_now  # noqa: PLC0415  # likewise

    for practice in practices():
        with shown_progress() as tell:
            made = back_up_now(Actor.command_line(practice.pk), practice, tell)
        sys.stdout.write(
            f"{settings.CONFIG.backups / made.file}\n"
            f"{made.clients:,} clients, {made.rows:,} rows, {made.size / 1e6:.1f} MB, read back and whole.\n"
        )
