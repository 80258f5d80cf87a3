"""What people type at the door and about clients."""

from zoneinfo import available_timezones

from django import forms

from holdspace.people.rules import LONGEST_NAME

ADVICE = "Twelve characters or more. A few words you remember are better than one you do not."


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
