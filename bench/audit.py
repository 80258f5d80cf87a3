"""Checking a log of a million entries: `python -m bench.audit [ENTRIES]`, on the embedded, encrypted database.

Beside the obvious way: every entry as an object, its text put together in Python.
"""

import os
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from holdspace.cli.progress import shown_progress

AT_ONCE = 50_000


def main(entries: int) -> None:
    """Write a log, check it both ways, print."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"HOLDSPACE_HOME": folder, "DJANGO_SETTINGS_MODULE": "holdspace.web.settings"}
        import django  # noqa: PLC0415  # the settings read the environment

        django.setup()
        from django.core.management import call_command  # noqa: PLC0415  # likewise

        from holdspace.vault.envelope import new_key  # noqa: PLC0415  # likewise
        from holdspace.vault.home import prepare  # noqa: PLC0415  # likewise
        from holdspace.vault.keys import ring  # noqa: PLC0415  # likewise

        prepare(Path(folder))
        ring.put(new_key())
        call_command("migrate", verbosity=0)
        written(entries)
        _compared(entries)


def written(entries: int) -> None:
    """A log of so many entries, the first of all."""
    from holdspace.audit import heads  # noqa: PLC0415  # needs a started Django
    from holdspace.audit.chain import hash_of  # noqa: PLC0415  # likewise
    from holdspace.audit.models import NO_ENTRY, ChainEnd, Entry  # noqa: PLC0415  # likewise

    began, previous = datetime(2026, 1, 1, tzinfo=UTC), NO_ENTRY
    with shown_progress() as tell:
        for first in range(1, entries + 1, AT_ONCE):
            rows = []
            for n in range(first, min(first + AT_ONCE, entries + 1)):
                entry = Entry(
                    number=n,
                    at=began + timedelta(seconds=17 * n, microseconds=n % 1_000_000),
                    user_id=n % 7 or None,
                    role="clinician",
                    verb="session.read",
                    kind="session",
                    subject_id=n * 7919,
                    outcome="done",
                    previous=previous,
                )
                entry.sha256 = previous = hash_of(entry)
                rows.append(entry)
            Entry.objects.bulk_create(rows)
            tell("Writing the log", first / entries)
    ChainEnd.objects.create(
        pk=1, number=entries, sha256=previous, signature=heads.signed_end(entries, previous)
    )


def _compared(entries: int) -> None:
    from holdspace.audit.chain import hash_of  # noqa: PLC0415  # needs a started Django
    from holdspace.audit.check import check_log  # noqa: PLC0415  # likewise
    from holdspace.audit.models import Entry  # noqa: PLC0415  # likewise

    began, worked = time.perf_counter(), time.process_time()
    is_whole = check_log().is_whole
    checked_s, work_s = time.perf_counter() - began, time.process_time() - worked
    began = time.perf_counter()
    as_objects = all(entry.sha256 == hash_of(entry) for entry in Entry.objects.order_by("number").iterator())
    objects_s = time.perf_counter() - began
    sys.stdout.write(
        f"{entries:,} entries: checked in {checked_s:.2f} s ({work_s:.2f} s of processor), as objects "
        f"{objects_s:.2f} s ({objects_s / checked_s:.1f} times); whole: {is_whole and as_objects}\n"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
