"""Opening the house: set-up, the passphrase, and signing in. What happens before there is an actor.

Views call these; each that changes the record does so through the gate as the command line, because whoever sets up
or unlocks holds the machine and the passphrase.
"""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.access.throttle import Throttle
from holdspace.audit.chain import record
from holdspace.audit.log import event_log
from holdspace.errors import BadInput, NotAllowed, Refused, WrongPassphrase
from holdspace.people.actions import add_clinician, add_user, open_practice, set_up_practice
from holdspace.people.models import Clinician, Practice, User
from holdspace.people.rules import pause_s
from holdspace.vault import home, keyfile, keys

log = event_log("people")

WRONG = Throttle(most=10, every_s=60.0)
"""Wrong passphrases and recovery keys; each try takes most of a second besides. It never locks her out for good."""
RECORDS = ("practice.db", "practice.db-wal", "practice.db-shm")


class Resting(Refused):
    """Too many failed tries: this sign-in name rests a while."""

    code = "resting"


def is_set_up() -> bool:
    """Whether a practice was set up here."""
    return keys.ring.is_open or keyfile.is_made(_home())


def is_locked() -> bool:
    """Whether the practice's key is not in memory."""
    return not keys.ring.is_open


def unlock(passphrase: str) -> None:
    """Open the practice until the process ends. Raises WrongPassphrase, and TooMany after ten of them in a minute."""
    _open(lambda: keyfile.opened(_home(), passphrase))


def recover(recovery_key: str, new: str) -> None:
    """Open the practice by its recovery key and set a new passphrase. Raises as `unlock`, and MistypedKey."""
    _open(lambda: keyfile.recover(_home(), recovery_key=recovery_key, new=new))


def has_recovery() -> bool:
    """Whether a recovery key was made."""
    return keyfile.has_recovery(_home())


def _open(key: Callable[[], bytes]) -> None:
    WRONG.check()
    try:
        keys.ring.put(key())
    except WrongPassphrase:
        WRONG.count()
        log("open.refused")
        raise
    call_command("migrate", verbosity=0, interactive=False)
    for practice in Practice.objects.all():
        open_practice(Actor.command_line(practice.pk), practice)


def set_up(
    *, practice: str, zone: str, name: str, credential: str, username: str, password: str, passphrase: str
) -> User:
    """Make the encrypted practice, its owner and her clinician. Raises BadInput, WeakPassphrase, Refused."""
    _check_password(password)
    _check_nothing_here()
    home.prepare(_home())
    keys.ring.put(keyfile.make(_home(), passphrase))
    try:
        call_command("migrate", verbosity=0, interactive=False)
        with transaction.atomic():
            return _first_people(Practice(name=practice, zone=zone), name, credential, username, password)
    except BaseException:
        # Half a set-up would be a locked door to an empty house: take it back, so that she can begin anew.
        connection.close()
        keys.ring.clear()
        for made in (home.KEYFILE, *RECORDS):
            home.wipe(_home() / made)
        raise


def signed_in(username: str, password: str) -> User | None:
    """The user these words belong to, or None. Raises Resting after too many failed tries."""
    user = User.objects.filter(username__iexact=username.strip(), is_active=True).first()
    if user is None:
        make_password(password)  # as slow as a real check, so that names cannot be told apart by time
        return None
    if user.rests_until and user.rests_until > timezone.now():
        raise Resting("Too many tries.", then="Wait a few minutes and try again.")
    if user.check_password(password):
        User.objects.filter(pk=user.pk).update(failed_tries=0, rests_until=None)
        _recorded(user, "done")
        return user
    User.objects.filter(pk=user.pk).update(failed_tries=F("failed_tries") + 1)
    user.refresh_from_db(fields=["failed_tries"])
    if pause := pause_s(user.failed_tries):
        User.objects.filter(pk=user.pk).update(rests_until=timezone.now() + timedelta(seconds=pause))
    _recorded(user, "refused")
    return None


def actor_of(user_id: int) -> Actor:
    """The actor a signed-in user is."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        raise NotAllowed("There is no such person.")
    clinician = Clinician.objects.filter(user=user).first()
    supervisees: frozenset[int] = frozenset()
    if clinician is not None:
        supervisees = frozenset(clinician.supervisees.values_list("pk", flat=True))
    return Actor(
        practice_id=user.practice_id,
        role=user.role,  # type: ignore[arg-type]  # the model's choices are the roles
        name=user.name,
        user_id=user.pk,
        clinician_id=clinician.pk if clinician else None,
        supervisee_ids=supervisees,
    )


def _first_people(practice: Practice, name: str, credential: str, username: str, password: str) -> User:
    made = set_up_practice(Actor.command_line(), practice)
    door = Actor.command_line(made.pk)
    owner = add_user(door, made, username=username, name=name, role="owner", password=password)
    add_clinician(door, owner, credential=credential)
    return owner


def _check_nothing_here() -> None:
    if not keyfile.is_made(_home()) and any((_home() / made).exists() for made in RECORDS):
        raise Refused(
            "There are records here, but not the key file that opens them.",
            kept="The records were left as they are.",
            then=f"Restore {home.KEYFILE} from a backup, or choose another folder.",
        )


def _recorded(user: User, outcome: str) -> None:
    record(
        verb="user.sign_in", user_id=user.pk, role=user.role, kind="user", subject_id=user.pk, outcome=outcome
    )


def _check_password(password: str) -> None:
    try:
        validate_password(password)
    except ValidationError as error:
        raise BadInput(" ".join(error.messages)) from None


def _home() -> Path:
    folder: Path = settings.CONFIG.home
    return folder
