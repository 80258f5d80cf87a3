"""What is asked to make a draft."""

from collections.abc import Sequence
from typing import Any

from django import forms


class DraftForm(forms.Form):
    """The format of the note to be, one of those offered."""

    def __init__(self, *args: Any, formats: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["format"] = forms.ChoiceField(label="Format", choices=[(name, name) for name in formats])
