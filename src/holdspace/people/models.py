"""The practice, its people and its clients."""

from datetime import date, datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone

from holdspace.access.actor import Whereabouts
from holdspace.people.rules import USUAL_IDLE_MINUTES
from holdspace.vault import whose
from holdspace.vault.fields import Encrypted, Row


class Practice(Row):
    """The practice. `zone` is where its days begin and end (IANA name).

    `all_need_a_second_factor` says so for a practice of one, too; `idle_minutes` is when a screen locks itself.
    """

    name = models.CharField(max_length=120)
    zone = models.CharField(max_length=40, default="America/New_York")
    belongs_to = whose.practice("id")
    address = Encrypted(purpose="practice", blank=True)
    all_need_a_second_factor = models.BooleanField(default=False)
    idle_minutes = models.PositiveSmallIntegerField(default=USUAL_IDLE_MINUTES)

    def whereabouts(self) -> Whereabouts:
        """The practice itself."""
        return Whereabouts("practice", self.pk, self.pk)

    def day(self, moment: datetime | None = None) -> date:
        """The day of a moment by the practice's clock; without one, today."""
        return timezone.localdate(moment, ZoneInfo(self.zone))


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

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name", "role"]
    objects: ClassVar[UserManager] = UserManager()

    def whereabouts(self) -> Whereabouts:
        """In the practice; her own."""
        return Whereabouts("user", self.pk, self.practice_id, user_id=self.pk)

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
    """A person in therapy. Names are decrypted in memory to search, or found by marks of them (people.name_index).

    `former_names` are known so that they never reach a note. `vocabulary` are words the recogniser should expect,
    one a line (names, medications, places).
    """

    practice = models.ForeignKey(Practice, on_delete=models.PROTECT, related_name="clients")
    clinician = models.ForeignKey(Clinician, on_delete=models.PROTECT, related_name="clients")
    belongs_to = whose.client("id")
    name = Encrypted(purpose="identity")
    former_names = Encrypted(purpose="identity", blank=True)
    pronouns = Encrypted(purpose="identity", blank=True)
    birth_date = Encrypted(purpose="identity", blank=True)
    others = Encrypted(purpose="identity", blank=True)
    vocabulary = Encrypted(purpose="identity", blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    def whereabouts(self) -> Whereabouts:
        """With the clinician responsible."""
        return Whereabouts("client", self.pk, self.practice_id, self.clinician_id, client_id=self.pk)


class NameMark(models.Model):
    """A keyed mark of a word of a name, or of its beginning, by which the name is found (people.name_index)."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="+")
    mark = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["mark", "client"], name="names_by_mark")]


class NameIndex(models.Model):
    """Whether every client's name has its marks. One row, where the practice has such an index at all."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    is_complete = models.BooleanField(default=False)


class Tries(models.Model):
    """Failed tries in a row at one door. `door` names it by a keyed hash: a mistyped name may be a password."""

    door = models.CharField(primary_key=True, max_length=80)
    count = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    at = models.DateTimeField()


class SignIn(Row):
    """One browser of one person, from signing in until it ends.

    `seen_at` is when a person last did something there, `proven_at` when she last proved all of who she is. `rotates`:
    its cookie is changed with the next request.
    """

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="sign_ins")
    session_key = models.CharField(max_length=40)
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    proven_at = models.DateTimeField()
    locked_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, db_index=True)
    rotates = models.BooleanField(default=False)
    address = models.CharField(max_length=45, blank=True)
    browser = models.CharField(max_length=60, blank=True)

    def whereabouts(self) -> Whereabouts:
        """With the person."""
        return Whereabouts("sign-in", self.pk, self.user.practice_id, user_id=self.user_id)


class Held(Row):
    """What somebody was sending when the screen was locked. It goes when she takes it back, or the sign-in ends."""

    LONGEST_PATH = 300

    belongs_to = whose.practice("sign_in__user__practice_id")

    sign_in = models.ForeignKey(SignIn, on_delete=models.CASCADE, related_name="held")
    path = models.CharField(max_length=LONGEST_PATH)
    body = Encrypted(purpose="held")
    is_offered = models.BooleanField(default=False)
    at = models.DateTimeField(auto_now_add=True)


class JoiningCode(Row):
    """A code by which a person sets her password and her second factor herself: once, and for some days."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="joining_codes")
    sha256 = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    until = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Emergency(Row):
    """A client's record opened by somebody not responsible for it: for an hour, to read, with a reason: break-glass."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="emergencies")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="emergencies")
    reason = Encrypted(purpose="emergency")
    began_at = models.DateTimeField()
    until = models.DateTimeField()

    def whereabouts(self) -> Whereabouts:
        """Of the person who opened it."""
        return Whereabouts(
            "emergency", self.pk, self.client.practice_id, client_id=self.client_id, user_id=self.user_id
        )


class Notice(Row):
    """Something a person must have seen: it stays on her Today page until she says she has."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=20)
    emergency = models.ForeignKey(Emergency, on_delete=models.PROTECT, null=True, related_name="notices")
    at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True)

    def whereabouts(self) -> Whereabouts:
        """With the person it is for."""
        return Whereabouts("notice", self.pk, self.user.practice_id, user_id=self.user_id)
