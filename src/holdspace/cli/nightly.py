"""`holdspace nightly`: the night's work, now; for who runs no server at night, and from a timer of the system's."""

import sys

from holdspace.cli.practice import open_practice, start_django


def command() -> None:
    """Destroy what is due, take its keys out of the backups, make a backup. A second time the same day does nothing."""
    start_django()
    open_practice()
    from holdspace.access.actor import Actor  # noqa: PLC0415  # models need a started Django
    from holdspace.people.opening import practices  # noqa: PLC0415  # likewise
    from holdspace.workflows.backups import do_waiting  # noqa: PLC0415  # likewise
    from holdspace.workflows.nightly import night  # noqa: PLC0415  # likewise

    for practice in practices():
        actor = Actor.worker(practice.pk)
        done = night(actor)
        do_waiting(actor)
        if done is None:
            sys.stdout.write("Tonight’s work is done already.\n")
            continue
        done.refresh_from_db()
        sys.stdout.write(f"Destroyed: {done.destroyed}. Entries of the log let go: {done.let_go}.\n")
        if done.error_code:
            sys.stdout.write(f"Not all could be done ({done.error_code}); see Practice, Safekeeping.\n")
