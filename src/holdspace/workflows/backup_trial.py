"""The process in which a backup is tried: `python -m holdspace.workflows.backup_trial FILE`, the key on its input.

Its home is an empty folder that is wiped afterwards. It restores, opens every sealed value of every record, reads the
whole log, and says on one line what it found: numbers, and never a word of anybody's.
"""

import json
import sys
from pathlib import Path
from typing import Any

import django
from django.conf import settings

from holdspace.errors import HoldspaceError
from holdspace.vault.home import prepare


def main() -> None:
    """Try the backup; the last line of the output is what was found."""
    key = bytes.fromhex(sys.stdin.read())
    prepare(settings.CONFIG.home)
    django.setup()
    try:
        found = _found(Path(sys.argv[1]), key)
    except HoldspaceError as error:
        found = {"error": error.code, "what": error.what, "then": error.then}
    sys.stdout.write(json.dumps(found) + "\n")


def _found(path: Path, key: bytes) -> dict[str, Any]:
    from holdspace.audit.check import check_log  # noqa: PLC0415  # models need a started Django
    from holdspace.vault.archive import damaged  # noqa: PLC0415  # likewise
    from holdspace.vault.reading_all import open_everything  # noqa: PLC0415  # likewise
    from holdspace.vault.restore import restore  # noqa: PLC0415  # likewise
    from holdspace.vault.tombstones import FILE  # noqa: PLC0415  # likewise

    restored = restore(path, key, destroyed=path.with_name(FILE), list_as_it_is=True)
    opened = open_everything()
    if not check_log().is_whole:
        raise damaged("The log in it is not as it was written.")
    return {
        "at": restored.at.isoformat(),
        "rows": restored.rows,
        "clients": restored.clients,
        "opened": opened,
        "list_until": restored.listed.until.isoformat()
        if restored.listed and restored.listed.until
        else None,
    }


if __name__ == "__main__":
    main()
