"""Opening the house: set-up, the passphrase, and signing in. What happens before there is an actor.

Views call these; each that changes the record does so through the gate as the command line, because whoever sets up
or unlocks holds the machine and the passphrase.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone

from holdspace.access.actor import Actor
from holdspace.access.throttle import Throttle
from holdspace.audit.chain import record
from holdspace.audit.log import event_log
from holdspace.errors import NotAllowed, Refused, WrongPassphrase
from holdspace.people.actions import add_clinician, add_user, open_practice, set_up_practice
from holdspace.people.factors import check_password
from holdspace.people.models import Clinician, Emergency, Practice, User
from holdspace.people.rotating import finish_rotation
from holdspace.people.rules import TRIAL
from holdspace.people.tries import check, failed, name_door
from holdspace.people.unattended import keeper_of
from holdspace.vault import backup, home, keyfile, keys, rotation, wrong_tries
from holdspace.vault.bring_over import bring_over
from holdspace.vault.generations import SERIES
from holdspace.vault.in_use import FILES
from holdspace.vault.keepers import UNWRAP
from holdspace.vault.restoring import apply_tombstones

log = event_log("people")

WRONG = Throttle(most=10, every_s=60.0)
"""Wrong passphrases and recovery keys; each try takes most of a second besides. It never locks her out for good."""
BRING_OVER_S = 2.0
"""How long opening may take to bring an older practice's values under their owners' keys; the worker does the rest."""


def is_set_up() -> bool:
    """Whether a practice was set up here."""
    return keys.ring.is_open or keyfile.is_made(_home())


def practices() -> list[Practice]:
    """The practice this installation is for. Not the one `holdspace prove` has while it tries its promises."""
    return list(Practice.objects.exclude(pk=TRIAL))


def is_locked() -> bool:
    """Whether the practice's key is not in memory."""
    return not keys.ring.is_open


def unlock(passphrase: str) -> None:
    """Open the practice until the process ends. Raises WrongPassphrase, and TooMany after ten of them in a minute."""
    _open(lambda: keyfile.opened(_home(), passphrase))


def recover(recovery_key: str, new: str) -> None:
    """Open the practice by its recovery key and set a new passphrase. Raises as `unlock`, and MistypedKey."""
    _open(lambda: keyfile.recover(_home(), recovery_key=recovery_key, new=new))
    backup.renew_locks()


def open_unattended() -> bool:
    """Open the practice without anybody, where she switched that on. Whether it did. Raises KeeperUnavailable."""
    if not keyfile.is_made(_home()):
        return False
    for name in keyfile.HELD:
        if name in keyfile.opens_it(_home()):
            _open(partial(keyfile.opened_by, _home(), name, partial(keeper_of(name).turn, UNWRAP)))
            return True
    return False


@dataclass(frozen=True, slots=True)
class Way:
    """A way for the practice to open without anybody, and whether it is on."""

    by: str
    name: str
    says: str
    is_on: bool


def unattended_ways() -> list[Way]:
    """The ways there are here. A key service is one where the configuration names it."""
    ways = [(keyfile.KEYRING, "This system\u2019s keyring", "It opens when you sign in to this machine.")]
    if settings.CONFIG.kms_url:
        host = urlsplit(settings.CONFIG.kms_url).hostname
        ways.append(
            (
                keyfile.KMS,
                "The key service",
                f"{host} is asked at each start; without it the practice stays shut.",
            )
        )
    on = keyfile.opens_it(_home()) if keyfile.is_made(_home()) else frozenset[str]()
    return [Way(by, name, says, by in on) for by, name, says in ways]


def has_recovery() -> bool:
    """Whether a recovery key was made."""
    return keyfile.has_recovery(_home())


def _open(key: Callable[[], bytes]) -> None:
    WRONG.check()
    try:
        opened = key()
    except WrongPassphrase:
        WRONG.count()
        wrong_tries.note(_home())
        log("open.refused")
        raise
    keyfile.name_it(_home(), opened)
    opened = rotation.settled(_home(), rotation.database_file(), opened)
    keys.ring.put(opened, keyfile=_home() / home.KEYFILE)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        _put_in_order()
        for practice in practices():
            for _ in range(wrong_tries.counted(_home())):
                _wrong_try(practice)
            open_practice(Actor.command_line(practice.pk), practice)
        wrong_tries.forget(_home())
    except BaseException:
        # Whatever broke: half open would be in use without its entry in the log and without what was destroyed gone.
        connection.close()
        keys.ring.clear()
        raise


def _put_in_order() -> None:
    """What a process that died, or an older version, left to do. Quick; what takes long goes on in the worker."""
    apply_tombstones()
    if rotation.is_switched(_home()):
        finish_rotation()
    bring_over(within_s=BRING_OVER_S)


def set_up(
    *, practice: str, zone: str, name: str, credential: str, username: str, password: str, passphrase: str
) -> User:
    """Make the encrypted practice, its owner and her clinician. Raises BadInput, WeakPassphrase, Refused."""
    check_password(password, practice, name, username)
    _check_nothing_here()
    home.prepare(_home())
    keys.ring.put(keyfile.make(_home(), passphrase), keyfile=_home() / home.KEYFILE)
    try:
        call_command("migrate", verbosity=0, interactive=False)
        bring_over()
        with transaction.atomic():
            return _first_people(Practice(name=practice, zone=zone), name, credential, username, password)
    except BaseException:
        # Half a set-up would be a locked door to an empty house: take it back, so that she can begin anew.
        connection.close()
        keys.ring.clear()
        for made in (home.KEYFILE, *home.RECORDS, *FILES):
            home.wipe(_home() / made)
        for series in SERIES:
            home.wipe_folder(_home() / series.folder)
        raise


def signed_in(username: str, password: str, *, known: Collection[int] = ()) -> User | None:
    """The user these words belong to, or None. Raises Resting after too many failed tries.

    `known` are those who have signed in at this browser before. A name nobody has takes the same steps, rests the same
    and leaves the same entry in the log, so that names cannot be told apart by time or by answer.
    """
    user = User.objects.filter(username__iexact=username.strip(), is_active=True).first()
    door = name_door(username, is_known=user is not None and user.pk in known)
    check(door)
    if user is not None and user.check_password(password):
        return user
    if user is None:
        make_password(password)  # as slow as a real check
    failed(door)
    noted("user.sign_in", user, "refused")
    return None


def noted(verb: str, user: User | None, outcome: str = "done") -> None:
    """An entry in the log about somebody coming in, before there is an actor."""
    pk, role = (user.pk, user.role) if user else (None, "nobody")
    record(verb=verb, user_id=pk, role=role, kind="user", subject_id=pk or 0, outcome=outcome)


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
        opened=_opened_by(user),
    )


def _opened_by(user: User) -> frozenset[int]:
    rows = Emergency.objects.filter(user=user, until__gt=timezone.now())
    return frozenset(rows.values_list("client_id", flat=True))


def _first_people(practice: Practice, name: str, credential: str, username: str, password: str) -> User:
    made = set_up_practice(Actor.command_line(), practice)
    door = Actor.command_line(made.pk)
    owner = add_user(door, made, username=username, name=name, role="owner", password=password)
    add_clinician(door, owner, credential=credential)
    return owner


def _check_nothing_here() -> None:
    if not keyfile.is_made(_home()) and any((_home() / made).exists() for made in home.RECORDS):
        raise Refused(
            "There are records here, but not the key file that opens them.",
            kept="The records were left as they are.",
            then=f"Restore {home.KEYFILE} from a backup, or choose another folder.",
        )


def _wrong_try(practice: Practice) -> None:
    record(
        verb="practice.open",
        user_id=None,
        role="command line",
        kind="practice",
        subject_id=practice.pk,
        outcome="refused",
    )


def _home() -> Path:
    folder: Path = settings.CONFIG.home
    return folder
