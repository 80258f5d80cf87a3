"""What is asked to book a time."""

from datetime import date

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

FIRST_DAY, LAST_DAY = date(1990, 1, 1), date(2150, 1, 1)
"""Days of a calendar people book in; nearer to the ends of what a clock can count, a zone's hours would overflow."""
SETTINGS = [("office", "In the room"), ("telehealth", "By video"), ("phone", "By telephone")]
MODALITIES = [("individual", "Individual"), ("couple", "Couple"), ("family", "Family")]


class BookingForm(forms.Form):
    """A day, a time of the practice's clock, and a length."""

    day = forms.DateField(
        label="Day",
        validators=[MinValueValidator(FIRST_DAY), MaxValueValidator(LAST_DAY)],
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    start = forms.TimeField(label="From", widget=forms.TimeInput(attrs={"type": "time"}))
    minutes = forms.IntegerField(label="Minutes", initial=50, min_value=10, max_value=240)
    setting = forms.ChoiceField(label="Where", choices=SETTINGS)
    modality = forms.ChoiceField(label="Who", choices=MODALITIES)
