"""What is typed to allow a host."""

from typing import Any

from django import forms

from holdspace.outside.rules import AGREEMENTS, PURPOSES, AgreementGiven


class HostForm(forms.Form):
    """A host, what for, why; for a model's server whose it is."""

    host = forms.CharField(
        label="Server",
        max_length=260,
        help_text="One name, like api.example.com. With another port than 443: api.example.com:8443.",
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"}
        ),
    )
    purpose = forms.ChoiceField(label="What for", choices=[("", "Choose"), *PURPOSES.items()])
    reason = forms.CharField(
        label="Why", max_length=200, help_text="For you and whoever asks later. No client’s name."
    )
    is_ours = forms.BooleanField(label="It is our own, in our own network", required=False)
    has_agreement = forms.BooleanField(label="A signed agreement is in place", required=False)
    party = forms.CharField(label="With whom", max_length=160, required=False)
    kind = forms.ChoiceField(label="Kind", choices=[("", "Choose"), *AGREEMENTS.items()], required=False)
    signed_on = forms.DateField(
        label="Signed on", required=False, widget=forms.DateInput(attrs={"type": "date"})
    )

    def clean(self) -> dict[str, Any]:
        """An agreement is ticked and named, or neither."""
        given = super().clean() or {}
        named = [given.get(name) for name in ("party", "kind", "signed_on")]
        if given.get("has_agreement") and not all(named):
            self.add_error("party", "Name the party, the kind and the day of the agreement.")
        if any(named) and not given.get("has_agreement"):
            self.add_error("has_agreement", "Tick it if the agreement is signed and in place.")
        return given

    def agreement(self) -> AgreementGiven | None:
        """The agreement that was ticked."""
        given = self.cleaned_data
        if not given["has_agreement"]:
            return None
        return AgreementGiven(given["party"], given["kind"], given["signed_on"])
