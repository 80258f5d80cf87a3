"""What she writes into a note."""

from django import forms

ROWS_OF_A_SENTENCE = 3


class SentenceForm(forms.Form):
    """One sentence in her words."""

    text = forms.CharField(
        label="Sentence",
        max_length=4000,
        error_messages={"required": "A sentence cannot be empty. Strike it instead."},
        widget=forms.Textarea(attrs={"rows": ROWS_OF_A_SENTENCE, "autofocus": True}),
    )


class AddForm(forms.Form):
    """A sentence of her own, and its section."""

    section = forms.CharField(max_length=60)
    text = forms.CharField(max_length=4000)


class AnswerForm(forms.Form):
    """An answer to a question."""

    text = forms.CharField(max_length=4000)


class SignForm(forms.Form):
    """The credential she signs with."""

    credential = forms.CharField(max_length=40)


class AddendumForm(forms.Form):
    """Words beside a signed note."""

    text = forms.CharField(
        label="What you add",
        max_length=8000,
        help_text="It stands under the note with its own date. The note itself stays as it was signed.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )
