"""Verbs about people, about how they come in, and about opening a record in an emergency."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.access.policy import allows
from holdspace.errors import BadInput, Refused
from holdspace.people import factors, name_index, unattended
from holdspace.people.codes import new_joining_code, sha256_of
from holdspace.people.ending import end_sign_ins_of, end_where_a_password_is_not_enough
from holdspace.people.models import (
    Client,
    Clinician,
    Emergency,
    JoiningCode,
    Notice,
    Practice,
    SignIn,
    User,
)
from holdspace.people.noticing import (
    EMERGENCY,
    FACTOR_ADDED,
    FACTORS_RESET,
    NEW_CODE,
    owners,
    tell,
)
from holdspace.people.rules import (
    CODE_DAYS,
    LEAST_IDLE_MINUTES,
    MOST_IDLE_MINUTES,
    SHORTEST_REASON,
    TREATING,
)
from holdspace.people.rules import (
    EMERGENCY as AN_HOUR,
)
from holdspace.vault import backup, keyfile, rotation


@action("practice.set_up")
def set_up_practice(actor: Actor, practice: Practice) -> Practice:  # noqa: ARG001  # the gate reads the actor
    """Keep a new practice. Refused when there is one: an installation is one practice."""
    if Practice.objects.exists():
        raise BadInput("There is a practice here already.")
    practice.save(force_insert=True)
    return practice


@action("practice.open")
def open_practice(actor: Actor, practice: Practice) -> None:
    """The practice was opened with its passphrase, or by its recovery key. The key itself never comes here."""


@action("practice.key")
def change_passphrase(actor: Actor, practice: Practice, *, old: str, new: str) -> None:  # noqa: ARG001
    """Change the words that open the practice. Raises WrongPassphrase, WeakPassphrase."""
    keyfile.change_passphrase(settings.CONFIG.home, old=old, new=new)
    backup.renew_locks()


@action("practice.key")
def make_recovery_key(actor: Actor, practice: Practice, *, passphrase: str) -> str:  # noqa: ARG001
    """A new recovery key, shown once and kept nowhere. Raises WrongPassphrase."""
    made = keyfile.make_recovery_key(settings.CONFIG.home, passphrase=passphrase)
    backup.renew_locks()
    return made


@action("practice.rotate")
def begin_rotation(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    practice: Practice,  # noqa: ARG001  # likewise
    *,
    passphrase: str,
    held: Mapping[str, tuple[bytes, bytes]],
    carried: Mapping[str, str],
) -> None:
    """Begin to give the practice a new key. Raises WrongPassphrase, AlreadyRotating."""
    rotation.begin(settings.CONFIG.home, passphrase=passphrase, held=held, carried=carried)


@action("practice.rotate")
def rotated(actor: Actor, practice: Practice) -> None:
    """The practice has a new key; the old one opens nothing of it any more."""


@action("practice.rotate")
def give_rotation_up(actor: Actor, practice: Practice) -> None:  # noqa: ARG001  # the gate reads the actor
    """Leave a rotation that was begun; everything opens as before. Raises Refused once the key is changed."""
    rotation.give_up(settings.CONFIG.home, rotation.database_file())


@action("practice.unattended")
def switch_unattended(actor: Actor, practice: Practice, *, by: str, is_on: bool) -> None:  # noqa: ARG001
    """Let the system's keyring or a key service open the practice, or no longer. Raises KeeperUnavailable."""
    if by not in keyfile.HELD:
        raise BadInput("Nobody of that name can open the practice.")
    if is_on:
        unattended.switch_on(settings.CONFIG.home, by)
    else:
        unattended.switch_off(settings.CONFIG.home, by)


@action("user.add")
def add_user(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    practice: Practice,
    *,
    username: str,
    name: str,
    role: str,
    password: str | None = None,
) -> User:
    """Add someone who signs in. Without a password she sets it herself, with a joining code; there is no default."""
    if role not in User.ROLES:
        raise BadInput("There is no such role.")
    if User.objects.filter(username__iexact=username).exists():
        raise BadInput("That sign-in name is taken.")
    user = User(practice=practice, username=username, name=name, role=role)
    user.set_password(password)
    user.save()
    end_where_a_password_is_not_enough(practice)
    return user


@action("user.add")
def add_clinician(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    user: User,
    *,
    credential: str,
    pronouns: str = "",
    supervisor: Clinician | None = None,
    usual_format: str = "SOAP",
) -> Clinician:
    """Make a user a clinician: from now on she may hold sessions and sign."""
    return Clinician.objects.create(
        user=user,
        practice=user.practice,
        name=user.name,
        credential=credential,
        pronouns=pronouns,
        supervisor=supervisor,
        usual_format=usual_format,
    )


@action("user.add")
def add_member(
    actor: Actor,
    practice: Practice,
    *,
    name: str,
    username: str,
    role: str,
    credential: str = "",
    supervisor: Clinician | None = None,
) -> tuple[User, str]:
    """Add someone with their role, and the code by which they join. Raises BadInput."""
    if not name.strip() or not username.strip():
        raise BadInput("A person needs a name and a sign-in name.")
    user = add_user(actor, practice, username=username.strip(), name=name.strip(), role=role)
    change_role(actor, user, role=role, credential=credential, supervisor=supervisor)
    return user, invite_user(actor, user)


@action("user.invite")
def invite_user(actor: Actor, user: User) -> str:  # noqa: ARG001  # the gate reads the actor
    """A code by which this person sets her password and second factor herself; an older one opens nothing any more.

    Who has joined before starts anew with it: when it is used, her password and her second factors of now are gone.
    """
    if not user.is_active:
        raise BadInput("This person’s access is closed.", then="Open it again first.")
    JoiningCode.objects.filter(user=user, used_at=None).delete()
    code = new_joining_code()
    JoiningCode.objects.create(
        user=user, sha256=sha256_of(code), until=timezone.now() + timedelta(days=CODE_DAYS)
    )
    if user.has_usable_password():
        tell([user], NEW_CODE)
    return code


@action("user.join")
def join(actor: Actor, user: User, *, code: JoiningCode, password: str) -> None:  # noqa: ARG001
    """She sets her password; what she proved herself with before opens nothing any more. Raises BadInput."""
    factors.check_password(password, user.name, user.username, user.practice.name)
    used = JoiningCode.objects.filter(pk=code.pk, user=user, used_at=None, until__gt=timezone.now())
    if not used.update(used_at=timezone.now()):
        raise BadInput("This code was used, or is too old.", then="Ask for a new one.")
    user.set_password(password)
    user.save(update_fields=["password"])
    factors.remove_all(user)
    end_sign_ins_of(user)


@action("user.change")
def change_role(
    actor: Actor, user: User, *, role: str, credential: str = "", supervisor: Clinician | None = None
) -> User:
    """What she may do from now on, and who supervises her. Raises BadInput; the last owner stays one."""
    if role not in User.ROLES:
        raise BadInput("There is no such role.")
    if role != "owner":
        _check_not_last_owner(user)
    clinician = Clinician.objects.filter(user=user).first()
    if clinician is None and role in TREATING and (credential.strip() or role != "owner"):
        if not credential.strip():
            raise BadInput("Who holds sessions needs a credential.")
        clinician = add_clinician(actor, user, credential=credential.strip())
    if clinician is not None:
        _check_supervises(supervisor, clinician)
        clinician.supervisor = supervisor
        clinician.credential = credential.strip() or clinician.credential
        clinician.save(update_fields=["supervisor", "credential"])
    user.role = role
    user.save(update_fields=["role"])
    SignIn.objects.filter(user=user, ended_at=None).update(rotates=True)
    return user


@action("user.leave")
def close_access(actor: Actor, user: User) -> int:  # noqa: ARG001  # the gate reads the actor
    """She comes in no more, from this moment on. Her records stay. How many sign-ins that ended."""
    _check_not_last_owner(user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    JoiningCode.objects.filter(user=user, used_at=None).delete()
    Emergency.objects.filter(user=user, until__gt=timezone.now()).update(until=timezone.now())
    return end_sign_ins_of(user)


@action("user.return")
def open_access(actor: Actor, user: User) -> None:  # noqa: ARG001  # the gate reads the actor
    """She comes in again, with what she came in with before."""
    user.is_active = True
    user.save(update_fields=["is_active"])
    end_where_a_password_is_not_enough(user.practice)


@action("practice.door")
def set_doors(actor: Actor, practice: Practice, *, idle_minutes: int, all_need_a_second_factor: bool) -> None:  # noqa: ARG001
    """When screens lock themselves, and whether a practice of one needs a second factor too."""
    if not LEAST_IDLE_MINUTES <= idle_minutes <= MOST_IDLE_MINUTES:
        raise BadInput(f"Between {LEAST_IDLE_MINUTES} and {MOST_IDLE_MINUTES} minutes.")
    practice.idle_minutes = idle_minutes
    practice.all_need_a_second_factor = all_need_a_second_factor
    practice.save(update_fields=["idle_minutes", "all_need_a_second_factor"])
    end_where_a_password_is_not_enough(practice)


@action("password.change")
def change_password(actor: Actor, user: User, *, new: str, here: int) -> None:  # noqa: ARG001
    """Another password; every sign-in but `here` ends. Raises BadInput."""
    factors.check_password(new, user.name, user.username, user.practice.name)
    user.set_password(new)
    user.save(update_fields=["password"])
    end_sign_ins_of(user, but=here)


@action("factor.add")
def add_app(actor: Actor, user: User, *, secret: str, code: str) -> None:  # noqa: ARG001
    """An app with codes. Raises BadInput when the code is not the app's."""
    _tell_of_another(user)
    factors.add_app(user, secret, code)


@action("factor.add")
def add_passkey(actor: Actor, user: User, *, name: str, credential: Mapping[str, Any]) -> None:  # noqa: ARG001
    """A passkey. Raises NotAPasskey."""
    _tell_of_another(user)
    factors.add_passkey(user, name, credential)


@action("factor.remove")
def remove_factor(actor: Actor, user: User, *, factor_id: int, is_needed: bool) -> None:  # noqa: ARG001
    """Take a passkey or the app away. Raises Refused for the last one where one is needed."""
    if is_needed and [found.id for found in factors.factors_of(user)] == [factor_id]:
        raise Refused("This is your last second factor.", then="Add another before you remove it.")
    factors.remove(user, factor_id)


@action("factor.codes")
def make_recovery_codes(actor: Actor, user: User) -> list[str]:  # noqa: ARG001  # the gate reads the actor
    """Ten codes for paper, shown once; older ones open nothing any more."""
    if not factors.has_factor(user):
        raise BadInput("Recovery codes are for a second factor.", then="Set one up first.")
    return factors.new_codes(user)


@action("factor.reset")
def reset_factors(actor: Actor, user: User, *, words: str) -> None:
    """The only owner has lost her second factor: the passphrase or the recovery key takes it away.

    Raises WrongPassphrase, MistypedKey, and Refused where another owner can help. Every sign-in of hers ends.
    """
    if len(owners(actor.practice_id)) > 1:
        raise Refused("There is another owner.", then="Ask them for a joining code.")
    _check_opens(words)
    factors.remove_all(user)
    end_sign_ins_of(user)
    tell([user], FACTORS_RESET)


@action("sign_in.lock")
def lock_screen(actor: Actor, sign_in: SignIn) -> None:  # noqa: ARG001  # the gate reads the actor
    """Lock it: from now on it answers with the lock alone."""
    SignIn.objects.filter(pk=sign_in.pk, locked_at=None).update(locked_at=timezone.now())
    sign_in.refresh_from_db(fields=["locked_at"])


@action("sign_in.end")
def end_sign_in(actor: Actor, sign_in: SignIn) -> None:  # noqa: ARG001  # the gate reads the actor
    """End a sign-in wherever it is."""
    end_sign_ins_of(sign_in.user, only=sign_in.pk)


@action("sign_in.end")
def end_sign_ins(actor: Actor, user: User, *, but: int = 0) -> int:  # noqa: ARG001  # the gate reads the actor
    """End a person's sign-ins, all but one. How many."""
    return end_sign_ins_of(user, but=but)


@action("notice.acknowledge")
def acknowledge(actor: Actor, notice: Notice) -> None:  # noqa: ARG001  # the gate reads the actor
    """She has seen it."""
    Notice.objects.filter(pk=notice.pk, acknowledged_at=None).update(acknowledged_at=timezone.now())


@action("emergency.open")
def open_in_emergency(actor: Actor, client: Client, *, reason: str) -> Emergency:
    """Open the record of a client who is not hers, for an hour and to read. The clinician and the owners are told."""
    if allows(actor, "client.read", client.whereabouts()):
        raise Refused("This record is open to you already.")
    if len(reason.strip()) < SHORTEST_REASON:
        raise BadInput("Say in a sentence what makes it urgent.")
    now = timezone.now()
    opened = Emergency.objects.create(
        client=client, user_id=actor.user_id or 0, reason=reason.strip(), began_at=now, until=now + AN_HOUR
    )
    responsible = [client.clinician.user] if client.clinician.user.is_active else []
    told = {user.pk: user for user in (*responsible, *owners(actor.practice_id)) if user.pk != actor.user_id}
    tell(told.values(), EMERGENCY, opened)
    return opened


@action("emergency.end")
def end_emergency(actor: Actor, emergency: Emergency) -> None:  # noqa: ARG001  # the gate reads the actor
    """Close the record again before its hour is over."""
    Emergency.objects.filter(pk=emergency.pk, until__gt=timezone.now()).update(until=timezone.now())


@action("client.add")
def add_client(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    clinician: Clinician,
    *,
    name: str,
    pronouns: str = "",
    birth_date: date | None = None,
    former_names: str = "",
    others: str = "",
    vocabulary: str = "",
) -> Client:
    """Add a client of this clinician. `others` who come along, one `role: name` a line."""
    if not name.strip():
        raise BadInput("A client needs a name.")
    client = Client.objects.create(
        practice=clinician.practice,
        clinician=clinician,
        name=name.strip(),
        pronouns=pronouns,
        birth_date=birth_date.isoformat() if birth_date else "",
        former_names=former_names,
        others=others,
        vocabulary=vocabulary,
    )
    name_index.enter(client)
    return client


@action("client.edit")
def set_vocabulary(actor: Actor, client: Client, *, vocabulary: str) -> Client:  # noqa: ARG001  # the gate reads it
    """The words the recogniser should expect from this client, one a line."""
    client.vocabulary = vocabulary
    client.save(update_fields=["vocabulary"])
    return client


def _tell_of_another(user: User) -> None:
    if factors.has_factor(user):
        tell([user], FACTOR_ADDED)


def _check_not_last_owner(user: User) -> None:
    # Locked, so that two owners cannot close each other's access in the same moment.
    there = User.objects.select_for_update().filter(
        practice_id=user.practice_id, role="owner", is_active=True
    )
    if [owner.pk for owner in there] == [user.pk]:
        raise Refused("This is the practice’s only owner.", then="Make somebody else an owner first.")


def _check_supervises(supervisor: Clinician | None, clinician: Clinician) -> None:
    if supervisor is None:
        return
    is_one = supervisor.practice_id == clinician.practice_id and supervisor.user.role in (
        "supervisor",
        "owner",
    )
    if supervisor.pk == clinician.pk or not is_one:
        raise BadInput("Somebody else, who supervises, can be her supervisor.")


def _check_opens(words: str) -> None:
    if (
        "-" in words
        and len("".join(filter(str.isalnum, words))) == keyfile.KEY_LETTERS + keyfile.CHECK_LETTERS
    ):
        keyfile.opened_by_recovery(settings.CONFIG.home, words)
    else:
        keyfile.opened(settings.CONFIG.home, words)
