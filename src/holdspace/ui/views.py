"""The living page: every component with sample values, so that a change is seen before it ships."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from holdspace.engines.note import Evidence
from holdspace.engines.transcript import Turn
from holdspace.ui.evidence import passages

_TURNS = (
    Turn(0, "therapist", "And the lift at work?", 61.0, 63.0),
    Turn(1, "client", "I took it on Tuesday. Forty, maybe. It came down by the time we stopped.", 64.0, 70.0),
    Turn(2, "therapist", "Forty, from eighty-five.", 71.0, 73.0),
)


class SampleForm(forms.Form):
    """One field at rest, one that was answered wrongly."""

    name = forms.CharField(label="Name", help_text="As it stands on the licence.")
    passphrase = forms.CharField(label="Passphrase", widget=forms.PasswordInput)


@require_GET
def living_page(request: HttpRequest) -> HttpResponse:
    """Show all components at once."""
    form = SampleForm({"name": "Maya Lindqvist"})
    (lines,) = passages(_TURNS, [Evidence(1, "Forty, maybe. It came down")])
    return render(request, "ui/living.html", {"form": form, "lines": lines})
