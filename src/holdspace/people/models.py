"""The practice, its people and its clients."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from holdspace.access.actor import Whereabouts
from holdspace.vault.fields import Encrypted, Row


class Practice(Row):
    """The practice. `zone` is where its days begin and end (IANA name)."""

    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=40, default="America/New_York")
    address = Encrypted(purpose="practice", blank=True)

    def whereabouts(self) -> Whereabouts:
        """The practice itself."""
        return Whereabouts("practice", self.pk, self.pk)


class UserManager(BaseUserManager["User"]):
    """Finds who signs in."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """By sign-in name, whatever the capitals."""
        return self.get(username__iexact=username)


class User(AbstractBaseUser):
    """Someone who signs in. What she may do follows from `role` (access.policy)."""

    ROLES = ("owner", "clinician", "supervisor", "biller", "scheduler")

    id = models.BigAutoField(primary_key=True)
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="users")
    username = models.CharField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    role = models.CharField(max_length=20, choices=[(role, role) for role in ROLES])
    is_active = models.BooleanField(default=True)
    failed_tries = models.PositiveSmallIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]
    objects: ClassVar[UserManager] = UserManager()

    def whereabouts(self) -> Whereabouts:
        """In the practice."""
        return Whereabouts("user", self.pk, self.practice_id)

    def get_short_name(self) -> str:
        """The name in the masthead."""
        return self.name


class Clinician(Row):
    """A licensed person who holds sessions and signs. `credential` as it stands after her name."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="clinician")
    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="clinicians")
    name = models.CharField(max_length=120)
    credential = models.CharField(max_length=40)
    pronouns = models.CharField(max_length=40, blank=True)
    supervisor = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, related_name="supervisees")
    usual_format = models.CharField(max_length=10, default="SOAP")

    def whereabouts(self) -> Whereabouts:
        """In the practice; her own."""
        return Whereabouts("clinician", self.pk, self.practice_id, self.pk)


class Client(Row):
    """A person in therapy. Names are decrypted in memory to search (up to 20,000 clients; FACTS: Security).

    `former_names` are known so that they never reach a note. `vocabulary` are words the recogniser should expect,
    one a line (names, medications, places).
    """

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="clients")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="clients")
    name = Encrypted(purpose="identity")
    former_names = Encrypted(purpose="identity", blank=True)
    pronouns = Encrypted(purpose="identity", blank=True)
    birth_date = Encrypted(purpose="identity", blank=True)
    others = Encrypted(purpose="identity", blank=True)
    vocabulary = Encrypted(purpose="identity", blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def whereabouts(self) -> Whereabouts:
        """With the clinician responsible."""
        return Whereabouts("client", self.pk, self.practice_id, self.clinician_id)
