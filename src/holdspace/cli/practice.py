"""Opening the practice for a command: Django, the folder, the passphrase."""

import sys
from getpass import getpass
from pathlib import Path

import django
from django.conf import settings

from holdspace.errors import NotReady
from holdspace.vault import home, keyfile


def start_django() -> Path:
    """Make the folder and start Django; gives the practice's folder."""
    folder: Path = settings.CONFIG.home
    home.prepare(folder)
    django.setup()
    return folder


def given_passphrase() -> str | None:
    """The passphrase from the file named in the environment, or None when there is no such file."""
    path: Path | None = settings.CONFIG.passphrase_file
    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8").splitlines()[0]
    except (OSError, IndexError, UnicodeDecodeError):
        raise NotReady(
            "The passphrase file cannot be read.", then="Look at HOLDSPACE_PASSPHRASE_FILE."
        ) from None


def asked_passphrase() -> str:
    """The passphrase, from the file or typed. Raises NotReady where nobody can be asked."""
    given = given_passphrase()
    if given is not None:
        return given
    if not sys.stdin.isatty():
        raise NotReady("The practice is locked.", then="Name a file in HOLDSPACE_PASSPHRASE_FILE.")
    return getpass("Passphrase of the practice: ")


def passphrase_unless_opened() -> str | None:
    """The passphrase, from the file or typed; None where the practice opened without anybody.

    Django must be started. Raises NotReady where nobody can be asked.
    """
    given = given_passphrase()
    if given is None and not opened_unattended():
        return asked_passphrase()
    return given


def open_practice() -> None:
    """Open the practice for a command: by the passphrase file, by what starts it unattended, or by asking.

    Django must be started. Raises WrongPassphrase, and NotReady where nobody can be asked.
    """
    from holdspace.people import opening  # noqa: PLC0415  # models need a started Django

    passphrase = passphrase_unless_opened()
    if passphrase is not None:
        opening.unlock(passphrase)


def opened_unattended() -> bool:
    """Open the practice without anybody where she switched that on. What stands in the way is said; it stays locked."""
    from holdspace.people import opening  # noqa: PLC0415  # models need a started Django

    try:
        return opening.open_unattended()
    except NotReady as error:
        sys.stderr.write(f"The practice did not open by itself. {error.what} {error.then}\n")
        return False


def is_made(folder: Path) -> bool:
    """Whether a practice was set up in the folder."""
    return keyfile.is_made(folder)
