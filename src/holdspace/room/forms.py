"""What is asked to make a draft."""

from django import forms

FORMATS = ("SOAP", "DAP", "BIRP", "GIRP", "PIRP")
"""Those of `engines/drafting/formats` that fit a session; an intake is a note of its own kind."""


class DraftForm(forms.Form):
    """The format of the note to be."""

    format = forms.ChoiceField(label="Format", choices=[(name, name) for name in FORMATS])
