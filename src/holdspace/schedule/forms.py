"""What is asked to book a time."""

from django import forms

SETTINGS = [("office", "In the room"), ("telehealth", "By video"), ("phone", "By telephone")]
MODALITIES = [("individual", "Individual"), ("couple", "Couple"), ("family", "Family")]


class BookingForm(forms.Form):
    """A day, a time of the practice's clock, and a length."""

    day = forms.DateField(label="Day", widget=forms.DateInput(attrs={"type": "date"}))
    start = forms.TimeField(label="From", widget=forms.TimeInput(attrs={"type": "time"}))
    minutes = forms.IntegerField(label="Minutes", initial=50, min_value=10, max_value=240)
    setting = forms.ChoiceField(label="Where", choices=SETTINGS)
    modality = forms.ChoiceField(label="Who", choices=MODALITIES)
