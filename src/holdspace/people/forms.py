"""What people type at the door and about clients."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import available_timezones

from django import forms

from holdspace.people.rules import (
    LEAST_IDLE_MINUTES,
    LONGEST_NAME,
    MOST_IDLE_MINUTES,
    SHORTEST_REASON,
)

ADVICE = "Twelve characters or more. A few words you remember are better than one you do not."


ROLES = (
    ("clinician", "Clinician: holds sessions, reads and signs her own"),
    ("supervisor", "Supervisor: as a clinician, and reads her supervisees’"),
    ("biller", "Biller: clients, appointments and charges, no clinical word"),
    ("scheduler", "Scheduler: clients, appointments and consents, no clinical word"),
    ("owner", "Owner: everything but others’ signing and private notes"),
)


def _hidden(kind: str) -> forms.PasswordInput:
    return forms.PasswordInput(attrs={"autocomplete": kind})


class SignInForm(forms.Form):
    """A sign-in name and its password."""

    username = forms.CharField(
        label="Sign-in name",
        max_length=60,
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}
        ),
    )
    password = forms.CharField(label="Password", strip=False, widget=_hidden("current-password"))


class UnlockForm(forms.Form):
    """The practice's passphrase."""

    passphrase = forms.CharField(label="Passphrase", strip=False, widget=_hidden("off"))


class _NewPassphrase(forms.Form):
    """New words for the practice, typed twice."""

    new = forms.CharField(label="New passphrase", strip=False, help_text=ADVICE, widget=_hidden("off"))
    again = forms.CharField(label="The new passphrase once more", strip=False, widget=_hidden("off"))

    def clean_again(self) -> str:
        """The two are one."""
        if self.cleaned_data["again"] != self.cleaned_data.get("new"):
            raise forms.ValidationError("The two passphrases differ.")
        return str(self.cleaned_data["again"])


class PassphraseForm(_NewPassphrase):
    """The words that open the practice now, and those that will."""

    field_order = ("old", "new", "again")
    old = forms.CharField(label="Passphrase now", strip=False, widget=_hidden("off"))


class RecoverForm(_NewPassphrase):
    """The recovery key from its paper, and new words."""

    field_order = ("recovery_key", "new", "again")
    recovery_key = forms.CharField(
        label="Recovery key",
        max_length=200,
        help_text="Nine groups of four, as printed. Blanks, dashes and small letters do not matter.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class RecoveryForm(forms.Form):
    """The passphrase, typed once more before a recovery key is shown."""

    passphrase = forms.CharField(label="Passphrase now", strip=False, widget=_hidden("off"))


class SetUpForm(forms.Form):
    """The practice, its owner, and the passphrase, typed twice because the records open to nothing else yet."""

    practice = forms.CharField(label="Name of the practice", max_length=LONGEST_NAME)
    zone = forms.ChoiceField(label="Where its days begin", help_text="The practice's time zone.")
    name = forms.CharField(
        label="Your name", max_length=LONGEST_NAME, help_text="As it stands under your notes."
    )
    credential = forms.CharField(label="Your credential", max_length=40, help_text="LCSW, PsyD, LMFT …")
    username = forms.CharField(
        label="Sign-in name",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none"}),
    )
    password = forms.CharField(
        label="Password", strip=False, help_text=ADVICE, widget=_hidden("new-password")
    )
    passphrase = forms.CharField(
        label="Passphrase of the practice",
        strip=False,
        help_text="Opens the records after every start. Not your password.",
        widget=_hidden("off"),
    )
    again = forms.CharField(label="The passphrase once more", strip=False, widget=_hidden("off"))

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments, passed on
        zones = sorted(zone for zone in available_timezones() if zone.startswith(("America/", "Pacific/")))
        rest = sorted(available_timezones() - set(zones))
        self.fields["zone"].choices = [(zone, zone.replace("_", " ")) for zone in (*zones, *rest)]  # type: ignore[attr-defined]  # it is a ChoiceField
        self.fields["zone"].initial = "America/New_York"

    def clean_again(self) -> str:
        """The two passphrases are one."""
        if self.cleaned_data["again"] != self.cleaned_data.get("passphrase"):
            raise forms.ValidationError("The two passphrases differ.")
        return str(self.cleaned_data["again"])


def _code_field(label: str, help_text: str) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=60,
        help_text=help_text,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "inputmode": "numeric",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )


class CodeForm(forms.Form):
    """A code of the app, or one of the recovery codes."""

    code = _code_field("Code", "Six digits from your app, or one of your recovery codes.")


class AppForm(forms.Form):
    """The first code of a new app."""

    code = _code_field("Code", "The six digits the app shows now.")


class PasskeyForm(forms.Form):
    """What a passkey is called."""

    name = forms.CharField(
        label="What you call it",
        max_length=60,
        initial="This device",
        help_text="So that you know it again: laptop, phone, the key on my ring.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class LostForm(forms.Form):
    """The practice's passphrase, or its recovery key."""

    words = forms.CharField(
        label="Passphrase of the practice, or its recovery key", strip=False, widget=_hidden("off")
    )


class BackForm(forms.Form):
    """One thing that shows who is there: her password, or a code of her app."""

    password = forms.CharField(label="Password", strip=False, widget=_hidden("current-password"))


class AllForm(forms.Form):
    """All that shows who is there: her password and, with an app, its code."""

    password = forms.CharField(label="Password", strip=False, widget=_hidden("current-password"))
    code = _code_field("Code", "The six digits your app shows now.")

    def __init__(self, *args: Any, has_app: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].widget.attrs["autofocus"] = True
        self.fields["code"].widget.attrs.pop("autofocus")
        if not has_app:
            del self.fields["code"]


class NewPasswordForm(forms.Form):
    """A password of one's own, typed twice."""

    new = forms.CharField(label="New password", strip=False, help_text=ADVICE, widget=_hidden("new-password"))
    again = forms.CharField(label="The new password once more", strip=False, widget=_hidden("new-password"))

    def clean_again(self) -> str:
        """The two are one."""
        if self.cleaned_data["again"] != self.cleaned_data.get("new"):
            raise forms.ValidationError("The two passwords differ.")
        return str(self.cleaned_data["again"])


class JoinForm(forms.Form):
    """A joining code."""

    code = forms.CharField(
        label="Joining code",
        max_length=60,
        help_text="Four groups of four, from the owner of your practice.",
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
    )


class RoleForm(forms.Form):
    """What somebody may do, with which credential, and who supervises them."""

    role = forms.ChoiceField(label="Role", choices=ROLES)
    credential = forms.CharField(
        label="Credential",
        max_length=40,
        required=False,
        help_text="LCSW, PsyD, LMFT … For who holds sessions.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    supervisor = forms.ChoiceField(label="Supervisor", required=False, help_text="Reads along, never signs.")

    def __init__(self, *args: Any, supervisors: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["supervisor"].choices = [("", "Nobody"), *((str(pk), name) for pk, name in supervisors)]  # type: ignore[attr-defined]  # it is a ChoiceField


class MemberForm(RoleForm):
    """Somebody new."""

    field_order = ("name", "username", "role", "credential", "supervisor")
    name = forms.CharField(
        label="Name", max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    username = forms.CharField(
        label="Sign-in name",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none"}),
    )


class DoorsForm(forms.Form):
    """When screens lock themselves, and who needs a second factor."""

    idle_minutes = forms.IntegerField(
        label="Lock a screen after so many minutes without anybody there",
        min_value=LEAST_IDLE_MINUTES,
        max_value=MOST_IDLE_MINUTES,
        help_text=f"{LEAST_IDLE_MINUTES} to {MOST_IDLE_MINUTES}.",
    )
    all_need_a_second_factor = forms.BooleanField(
        label="A second factor even if you work alone",
        required=False,
        help_text="With more than one person it is always needed.",
    )


class EmergencyForm(forms.Form):
    """Whose record, and why now."""

    name = forms.CharField(
        label="The client’s whole name",
        max_length=LONGEST_NAME,
        help_text="As on the record. Nothing is suggested.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    born = forms.DateField(
        label="Born",
        required=False,
        help_text="Only if two clients have the same name.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    reason = forms.CharField(
        label="Why it cannot wait",
        min_length=SHORTEST_REASON,
        max_length=1000,
        help_text="The clinician and the owner read it.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ClientForm(forms.Form):
    """A new client. Everything but the name can wait."""

    name = forms.CharField(
        label="Name", max_length=LONGEST_NAME, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    pronouns = forms.CharField(
        label="Pronouns", max_length=40, required=False, help_text="As she, he or they say it: she/her"
    )
    birth_date = forms.DateField(label="Born", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    others = forms.CharField(
        label="Who comes along",
        required=False,
        help_text="One a line: partner: Amara Okafor. Each is asked for consent.",
        widget=forms.Textarea(attrs={"rows": 2}),
    )
