"""What she writes into a note, and about how she writes."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms

from holdspace.assist.voice import LEAST_WORDS, MOST_WORDS, Habit

ROWS_OF_A_SENTENCE = 3


class SentenceForm(forms.Form):
    """One sentence in her words. `was` is what she began from."""

    text = forms.CharField(
        label="Sentence",
        max_length=4000,
        error_messages={"required": "A sentence cannot be empty. Strike it instead."},
        widget=forms.Textarea(attrs={"rows": ROWS_OF_A_SENTENCE, "autofocus": True}),
    )
    was = forms.CharField(required=False, widget=forms.HiddenInput)


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


class HabitForm(forms.Form):
    """Her own word about one habit of her voice. `now` is the value that counts so far."""

    def __init__(self, habit: Habit, data: Mapping[str, Any] | None = None, *, now: str = "") -> None:
        super().__init__(data, auto_id=f"{habit.key}_%s")
        self.habit = habit
        self.fields["value"] = _answers(habit, now)
        if data is not None and not habit.is_many:  # shown again only when it was wrong: go there
            self.fields["value"].widget.attrs["autofocus"] = True

    def value(self) -> str:
        """What she chose, as the profile keeps it."""
        given = self.cleaned_data["value"]
        return ",".join(given) if self.habit.is_many else str(given)


def _answers(habit: Habit, now: str) -> forms.Field:
    if habit.is_many:
        boxes = forms.CheckboxSelectMultiple
        chosen = now.split(",")
        return forms.MultipleChoiceField(
            label=habit.title, choices=habit.choices, initial=chosen, required=False, widget=boxes
        )
    if not habit.choices:
        wrong = f"Between {LEAST_WORDS} and {MOST_WORDS} words."
        return forms.IntegerField(
            label=f"{habit.title}, in words",
            initial=now or None,
            min_value=LEAST_WORDS,
            max_value=MOST_WORDS,
            error_messages=dict.fromkeys(("required", "invalid", "min_value", "max_value"), wrong),
        )
    # Without quotation marks, so that typing the first letters chooses.
    bare = [(value, re.sub("[“”]", "", words)) for value, words in habit.choices]
    may_be_empty = "" in dict(bare)
    return forms.ChoiceField(label=habit.title, choices=bare, initial=now, required=not may_be_empty)
