"""What the owner decides about keeping."""

from django import forms

from holdspace.safekeeping.rules import BOUNDS, Kept

LABELS = {
    "transcript_days": (
        "What was heard, in days",
        "It goes when you sign, and after so many days at the latest.",
    ),
    "draft_days": (
        "Drafts nobody signed, in days",
        "What you wrote into one yourself goes below your jottings.",
    ),
    "voice_months": ("Speaking voices, in months", "They also go when their owner leaves the practice."),
    "log_years": ("The log, in years", "Never less than six (45 CFR 164.316)."),
    "record_years_more": (
        "Clients\u2019 records: years more than the law asks",
        "The law of the state comes first.",
    ),
    "backups_kept": ("How many backups are kept", "One is made each night."),
    "drill_days": ("Try a backup every so many days", "It is restored where it touches nothing, and opened."),
}


class KeptForm(forms.Form):
    """How long things are kept."""

    backs_up_nightly = forms.BooleanField(label="Make a backup every night", required=False)
    records_by_themselves = forms.BooleanField(
        label="Destroy clients\u2019 records by themselves when their time is over", required=False
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments, passed on
        for name, (label, says) in LABELS.items():
            least, most = BOUNDS[name]
            self.fields[name] = forms.IntegerField(
                label=label, min_value=least, max_value=most, help_text=f"{says} Between {least} and {most}."
            )
        self.order_fields([*LABELS, "backs_up_nightly", "records_by_themselves"])

    @property
    def kept(self) -> Kept:
        """What was decided."""
        return Kept(**self.cleaned_data)


class ClockForm(forms.Form):
    """That the clock is right, and which time it showed."""

    shown = forms.DateTimeField(widget=forms.HiddenInput())


class HoldForm(forms.Form):
    """Why a record is held back."""

    reason = forms.CharField(
        label="Why",
        max_length=300,
        help_text="A complaint, a lawsuit, a request. Encrypted like the record.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
