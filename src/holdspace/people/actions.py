"""Verbs about people."""

from datetime import date

from django.conf import settings

from holdspace.access.action import action
from holdspace.access.actor import Actor
from holdspace.errors import BadInput
from holdspace.people.models import Client, Clinician, Practice, User
from holdspace.vault import keyfile


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


@action("practice.key")
def make_recovery_key(actor: Actor, practice: Practice, *, passphrase: str) -> str:  # noqa: ARG001
    """A new recovery key, shown once and kept nowhere. Raises WrongPassphrase."""
    return keyfile.make_recovery_key(settings.CONFIG.home, passphrase=passphrase)


@action("user.add")
def add_user(
    actor: Actor,  # noqa: ARG001  # the gate reads the actor
    practice: Practice,
    *,
    username: str,
    name: str,
    role: str,
    password: str,
) -> User:
    """Add someone who signs in."""
    if role not in User.ROLES:
        raise BadInput("There is no such role.")
    if User.objects.filter(username__iexact=username).exists():
        raise BadInput("That sign-in name is taken.")
    user = User(practice=practice, username=username, name=name, role=role)
    user.set_password(password)
    user.save()
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
    return Client.objects.create(
        practice=clinician.practice,
        clinician=clinician,
        name=name.strip(),
        pronouns=pronouns,
        birth_date=birth_date.isoformat() if birth_date else "",
        former_names=former_names,
        others=others,
        vocabulary=vocabulary,
    )


@action("client.edit")
def set_vocabulary(actor: Actor, client: Client, *, vocabulary: str) -> Client:  # noqa: ARG001  # the gate reads it
    """The words the recogniser should expect from this client, one a line."""
    client.vocabulary = vocabulary
    client.save(update_fields=["vocabulary"])
    return client
