"""What is typed about where people are, when they were born, and what the practice adds to a document."""

from django import forms

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
