"""A rotation of the practice's key, from her word to its end: the key files, the database, the log's signature.

vault/rotation.py does the first part, in which nothing of the record is read. What comes after the switch needs the
record open under its new key, and may be done twice.
"""

from pathlib import Path

from django.conf import settings

from holdspace.access.actor import Actor
from holdspace.audit import heads
from holdspace.errors import HoldspaceError
from holdspace.people.actions import begin_rotation, rotated
from holdspace.people.models import Practice
from holdspace.people.unattended import forget, new_secrets
from holdspace.vault import backup, keyfile, record_keys, rotation
from holdspace.vault.bring_over import bring_over

PUBLIC = "log public key"
TOKENS = "token of "
AFTERWARDS = "Wrapping and signing anew"


def begin(actor: Actor, practice: Practice, *, passphrase: str) -> None:
    """Begin a rotation. Raises WrongPassphrase, AlreadyRotating, and what a keyring or key service says."""
    bring_over()
    held = new_secrets(_home())
    old = {TOKENS + name: token.hex() for name in held if (token := keyfile.token_of(_home(), name))}
    begin_rotation(
        actor, practice, passphrase=passphrase, held=held, carried={PUBLIC: heads.public_key(), **old}
    )


def is_asked() -> bool:
    """Whether a rotation was begun on a page, which a worker is to carry out."""
    return rotation.asked(_home())[0]


def what_stood_in_the_way() -> str:
    """Why a rotation that was begun did not come to its end; "" where nothing is known to."""
    return rotation.asked(_home())[1]


def ask() -> None:
    """Let a worker go on with what was begun."""
    rotation.ask(_home(), asked=True)


def carry_out_asked() -> None:
    """What a worker does with a rotation that was asked for. What stands in the way waits for her word."""
    try:
        carry_out()
    except HoldspaceError as error:
        if is_begun():
            rotation.ask(_home(), asked=False, said=str(error))
        raise


def is_begun() -> bool:
    """Whether a rotation was begun and is not over."""
    return rotation.is_begun(_home())


def carry_out(told: rotation.Told = lambda *_: None) -> None:
    """Do what was begun. Raises AlreadyRotating, InUse, DiskFull; it may be called again."""
    rotation.carry_out(_home(), rotation.database_file(), told=told)
    finish_rotation(told)


def finish_rotation(told: rotation.Told = lambda *_: None) -> None:
    """After the switch: what is wrapped, signed and kept elsewhere follows. May be done twice."""
    carried = rotation.carried(_home())
    told(AFTERWARDS, 0.0)
    record_keys.move_all()
    told(AFTERWARDS, 0.4)
    if PUBLIC in carried:
        heads.hand_over(carried[PUBLIC])
    told(AFTERWARDS, 0.6)
    if (old := rotation.old_key_for_backups(_home())) is not None:
        backup.renew_locks(old)
    told(AFTERWARDS, 0.7)
    for name, token in carried.items():
        if name.startswith(TOKENS):
            forget(name.removeprefix(TOKENS), bytes.fromhex(token))
    for practice in Practice.objects.all():
        rotated(Actor.command_line(practice.pk), practice)
    told(AFTERWARDS, 0.8)
    rotation.end(_home())
    told(AFTERWARDS, 1.0)


def _home() -> Path:
    folder: Path = settings.CONFIG.home
    return folder
