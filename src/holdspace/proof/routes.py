"""Every address of this installation, with the trial's own records put in where one is about a record."""

from collections.abc import Iterable, Iterator

from django.urls import NoReverseMatch, URLResolver, get_resolver, reverse
from django.utils import timezone

from holdspace.assist.rules import WHISPER
from holdspace.chart.models import LeftOutPart, NoteQuestion, NoteSentence
from holdspace.consent.models import Consent
from holdspace.consent.rules import TRANSCRIPTION
from holdspace.people.models import SignIn
from holdspace.proof.company import ROLES
from holdspace.proof.trial import Trial

Values = dict[str, object]
NOBODYS = 2**40
"""A number nothing has: what is somebody real's is left alone."""


def addresses(trial: Trial) -> dict[str, str]:
    """Each route's name and an address of it that leads to something of the trial's, where it is about a record."""
    values = _values(trial)
    found = {}
    for name, parameters in _routes(get_resolver(), ""):
        kwargs = {parameter: values.get(parameter, NOBODYS) for parameter in parameters}
        try:
            found[name] = reverse(name, kwargs=kwargs)
        except NoReverseMatch:  # a parameter of a kind not known here
            continue
    return found


def _values(trial: Trial) -> Values:
    """A value for each parameter that leads to something of the trial's; the rest lead to nobody's."""
    drafted = trial.drafted()
    note_id = drafted.note.id
    consents = Consent.objects.filter(client=trial.company.alone).values_list("pk", flat=True)
    return {
        "client_id": trial.company.alone.pk,
        "appointment_id": drafted.session.appointment_id,
        "session_id": drafted.session.pk,
        "note_id": note_id,
        "sentence_id": _first(NoteSentence.objects.filter(note_id=note_id).values_list("pk", flat=True)),
        "question_id": _first(NoteQuestion.objects.filter(note_id=note_id).values_list("pk", flat=True)),
        "left_out_id": _first(LeftOutPart.objects.filter(note_id=note_id).values_list("pk", flat=True)),
        "consent_id": _first(consents),
        "number": _first(consents),
        "turn": 1,
        "purpose": TRANSCRIPTION,
        "habit": "naming",
        "name": WHISPER,
        "user_id": ROLES["colleague"],
        "sign_in_id": _first(SignIn.objects.filter(user_id=ROLES["clinician"]).values_list("pk", flat=True)),
        "iso_day": timezone.localdate().isoformat(),
        "code": "AAAA2222",
    }


def _first(pks: Iterable[int]) -> int:
    return next(iter(pks), NOBODYS)


def _routes(resolver: URLResolver, space: str) -> Iterator[tuple[str, list[str]]]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name:
            yield f"{space}{pattern.name}", list(pattern.pattern.converters)
