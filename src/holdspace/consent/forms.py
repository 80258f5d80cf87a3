"""What is typed about people's state and birth, what a practice adds to a document, and what is disclosed."""

from collections.abc import Sequence
from typing import Any

from django import forms

from holdspace.consent.disclosure import HOLDER, UNSAID, Authorized, bases, kinds, ways
from holdspace.consent.law import states


class PlaceForm(forms.Form):
    """A state."""

    state = forms.ChoiceField(label="State", required=True)

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments, passed on
        named = [(code, state.name) for code, state in states().items()]
        self.fields["state"].choices = [("", "Choose a state"), *named]  # type: ignore[attr-defined]  # a ChoiceField


class BirthForm(forms.Form):
    """Who was born when."""

    participant = forms.CharField(widget=forms.HiddenInput())
    born = forms.DateField(label="Born", widget=forms.DateInput(attrs={"type": "date"}))


class OwnWordsForm(forms.Form):
    """What the practice adds, and whether everyone is asked again for it."""

    text = forms.CharField(
        label="What your practice adds",
        required=False,
        max_length=4000,
        strip=True,
        help_text="Stands below our text. Keep it short and plain.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    matters = forms.BooleanField(label="Ask everyone again", required=False)


def _day(**more: Any) -> forms.DateField:
    return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), **more)


class _WhyForm(forms.Form):
    """Why something may go out, in whose words, and under which authorization."""

    basis = forms.ChoiceField(label="Why it may go")
    authorization = forms.ChoiceField(label="Under which authorization", required=False)
    purpose = forms.CharField(
        label="What for, in a few words",
        required=False,
        max_length=300,
        help_text="As the client would read it.",
    )

    def __init__(self, *args: Any, authorizations: Sequence[Authorized], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        why = [(code, basis.words) for code, basis in bases().items() if code not in (HOLDER, UNSAID)]
        named = [(str(one.id), f"{one.recipient}, {one.signed_on:%Y-%m-%d}") for one in authorizations]
        for name, choices in (("basis", why), ("authorization", named)):
            self.fields[name].choices = [("", "Choose"), *choices]  # type: ignore[attr-defined]  # ChoiceFields
        if not named:
            del self.fields["authorization"]


class DisclosureForm(_WhyForm):
    """What she faxed, mailed, handed over or told."""

    field_order = (
        "to",
        "address",
        "kind",
        "about_day",
        "how",
        "on",
        "basis",
        "authorization",
        "purpose",
        "details",
    )
    to = forms.CharField(
        label="To whom", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    address = forms.CharField(label="Their address, if you know it", required=False, max_length=300)
    kind = forms.ChoiceField(label="What")
    about_day = _day(label="Of which day, if of one", required=False)
    how = forms.ChoiceField(label="How")
    on = _day(label="When")
    details = forms.CharField(
        label="What exactly, if the kind does not say it", required=False, max_length=300
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in (("kind", kinds()), ("how", ways())):
            self.fields[name].choices = [("", "Choose"), *words.items()]  # type: ignore[attr-defined]  # ChoiceFields


class CompleteForm(_WhyForm):
    """To whom a copy went, and why."""

    field_order = ("to", "basis", "authorization", "purpose")
    to = forms.CharField(label="To whom", required=False, max_length=200)


class AuthorizationForm(forms.Form):
    """What the client signed: who may have what, what for, until when (45 CFR 164.508(c)(1))."""

    recipient = forms.CharField(
        label="Who may have it", max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    kinds = forms.MultipleChoiceField(label="What", widget=forms.CheckboxSelectMultiple())
    purpose = forms.CharField(
        label="What for",
        max_length=300,
        help_text="“At the client’s request” is enough if the client asked for it.",
    )
    signed_by = forms.CharField(
        label="Who signed it",
        max_length=200,
        help_text="The client, or who may sign for them and by what right.",
    )
    signed_on = _day(label="Signed on")
    expires_on = _day(label="Ends on", required=False)
    expires_when = forms.CharField(label="or ends when", required=False, max_length=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kinds"].choices = list(kinds().items())  # type: ignore[attr-defined]  # a MultipleChoiceField


class WindowForm(forms.Form):
    """The days an accounting covers."""

    first = _day(label="From", required=False)
    last = _day(label="To", required=False)
