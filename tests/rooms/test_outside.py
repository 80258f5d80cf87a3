"""What may leave: nothing, until the owner allows a host by name; the gateway knows at once, and the log too."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.conf import LazySettings
from pytest_django import DjangoCaptureOnCommitCallbacks

from holdspace.audit.models import Entry
from holdspace.errors import BadInput, NotAllowed
from holdspace.outbound import gateway
from holdspace.outbound.door import Door, HostNotAllowed
from holdspace.outbound.gateway import Gateway
from holdspace.outside.actions import allow_host, end_host, note_sent
from holdspace.outside.door import tell_gateway
from holdspace.outside.models import AllowedHost
from holdspace.outside.queries import door, hosts, language_server, sent_in, sent_to
from holdspace.outside.rules import BAA, CLEARINGHOUSE, MAIL, MODEL_SERVER, AgreementGiven, host_of
from tests.cast import Cast, held
from tests.unit.outbound.servers import serving

pytestmark = pytest.mark.django_db
AGREED = AgreementGiven("Harbor Models, Inc.", BAA, date(2026, 11, 1))
JSON = "application/json"


@pytest.mark.parametrize(
    ("typed", "host"),
    [
        ("api.example.com", "api.example.com"),
        (" API.Example.com. ", "api.example.com"),
        ("https://api.example.com/v1/chat", "api.example.com"),
        ("https://api.example.com:443/", "api.example.com"),
        ("api.example.com:8443", "api.example.com:8443"),
        ("http://192.168.1.9:11434", "192.168.1.9:11434"),
        ("localhost:8080", "localhost:8080"),
    ],
)
def test_a_host_is_named_once_however_it_is_typed(typed: str, host: str) -> None:
    assert host_of(typed) == host


@pytest.mark.parametrize(
    "typed",
    ["", "*", "*.example.com", "example..com", "-a.com", "a b.com", "user@host.com", "ftp://a.com", "a.com:0",
     "a.com:99999", "a.com:x", "1.2.3", "<b>.com", "a.com/../b", "ä.com", "https://", "x" * 300],
)  # fmt: skip
def test_what_is_not_one_host_is_refused(typed: str) -> None:
    if typed == "a.com/../b":  # an address on it: the host is what counts
        assert host_of(typed) == "a.com"
        return
    with pytest.raises(BadInput, match="not the name of one host"):
        host_of(typed)


def test_nothing_may_leave_until_the_owner_allows_it_and_no_more_once_she_ends_it(cast: Cast) -> None:
    assert (hosts(cast.maya), door(cast.worker)) == ([], Door())
    allowed = allow_host(
        cast.maya, cast.practice, host="smtp.example.com:465", purpose=MAIL, reason="Reminders"
    )
    allow_host(cast.maya, cast.practice, host="claims.example.com", purpose=CLEARINGHOUSE, reason="Claims")
    assert [row.host for row in hosts(cast.maya)] == ["claims.example.com", "smtp.example.com:465"]
    assert door(cast.worker).hosts == {"smtp.example.com:465", "claims.example.com"}
    end_host(cast.maya, allowed)
    assert door(cast.worker).hosts == {"claims.example.com"}
    (ended,) = hosts(cast.maya, is_ended=True)
    assert (ended.allowed_by.name, ended.ended_by.name if ended.ended_by else "") == (
        "Maya Torres",
        "Maya Torres",
    )
    verbs = list(Entry.objects.order_by("number").values_list("verb", flat=True))[-3:]
    assert verbs == ["outside.allow", "outside.allow", "outside.end"]


def test_only_the_owner_decides_and_only_she_sees(cast: Cast) -> None:
    allowed = allow_host(cast.maya, cast.practice, host="smtp.example.com", purpose=MAIL, reason="Reminders")
    for actor in (cast.tom, cast.ada, cast.bo, cast.sam, cast.eve, cast.worker):
        with pytest.raises(NotAllowed):
            allow_host(actor, cast.practice, host="evil.example.com", purpose=MAIL, reason="none")
        with pytest.raises(NotAllowed):
            end_host(actor, allowed)
    for actor in (cast.tom, cast.ada, cast.bo, cast.sam, cast.eve):
        assert hosts(actor) == []
        assert door(actor) == Door()
    assert AllowedHost.objects.count() == 1


def test_a_models_server_is_hers_or_under_a_signed_agreement_that_names_its_party(cast: Cast) -> None:
    def allow(**given: object) -> AllowedHost:
        named = {"host": "models.example.com", "purpose": MODEL_SERVER, "reason": "Wording", **given}
        return allow_host(cast.maya, cast.practice, **named)  # type: ignore[arg-type]  # a table of cases

    later = AgreementGiven("Harbor Models, Inc.", BAA, date(2099, 1, 1))
    unnamed = AgreementGiven(" ", BAA, date(2026, 11, 1))
    for given, said in (
        ({}, "needs a signed agreement"),
        ({"agreement": later}, "future"),
        ({"agreement": unnamed}, "names its party"),
        ({"agreement": AGREED, "is_ours": True}, "either your own or"),
        ({"agreement": AGREED, "reason": " "}, "why"),
        ({"agreement": AGREED, "purpose": "fun"}, "what the host is for"),
    ):
        with pytest.raises(BadInput, match=said):
            allow(**given)
    assert AllowedHost.objects.count() == 0
    row = allow(agreement=AGREED)
    assert (row.agreement.party, row.agreement.kind, row.agreement.ticked_by.name) == (
        "Harbor Models, Inc.",
        "BAA",
        "Maya Torres",
    )
    with pytest.raises(BadInput, match="on the list already"):
        allow(agreement=AGREED)


def test_the_configured_model_server_may_be_asked_only_while_it_is_allowed(
    cast: Cast, settings: LazySettings
) -> None:
    kept = settings.CONFIG
    settings.CONFIG = type(kept)(
        home=kept.home,
        weights=kept.weights,
        language_url="https://models.example.com:8443/v1",
        language_model="big",
    )
    assert language_server(cast.worker) is None
    for host in ("models.example.com", "other.example.com:8443"):  # another port, another host
        allow_host(
            cast.maya, cast.practice, host=host, purpose=MODEL_SERVER, reason="Wording", agreement=AGREED
        )
    allow_host(cast.maya, cast.practice, host="models.example.com:8443", purpose=MAIL, reason="Mail alone")
    assert language_server(cast.worker) is None
    row = allow_host(
        cast.maya, cast.practice,
        host="models.example.com:8443", purpose=MODEL_SERVER, reason="Wording", agreement=AGREED,
    )  # fmt: skip
    server = language_server(cast.worker)
    assert server is not None
    assert (server.host, server.model, server.party, server.is_ours) == (
        "models.example.com:8443",
        "big",
        "Harbor Models, Inc.",
        False,
    )
    end_host(cast.maya, row)
    assert language_server(cast.worker) is None


@pytest.fixture
def here() -> Iterator[Gateway]:
    """A gateway of this process."""
    yield gateway.begin(Door())
    gateway.end()


def test_the_gateway_knows_of_a_change_at_once_and_another_process_within_a_round(
    cast: Cast, here: Gateway, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with serving() as port:
        url = f"http://127.0.0.1:{port}/"
        with pytest.raises(HostNotAllowed):
            here.post(url, b"claim", content_type=JSON)
        with django_capture_on_commit_callbacks(execute=True):
            row = allow_host(
                cast.maya, cast.practice, host=url, purpose=CLEARINGHOUSE, reason="Claims", is_ours=True
            )
        assert here.post(url, b"claim", content_type=JSON) == b"heard claim"
        with django_capture_on_commit_callbacks(execute=True):
            end_host(cast.maya, row)
        with pytest.raises(HostNotAllowed):
            here.post(url, b"claim", content_type=JSON)
        # As in a worker beside the server, which was told nothing but looks in every round.
        row.ended_at = None
        row.save()
        tell_gateway(cast.worker)
        assert here.post(url, b"claim", content_type=JSON) == b"heard claim"


def test_what_was_sent_is_counted_and_never_kept(cast: Cast) -> None:
    session = held(cast)
    for words in (12, 30):
        note_sent(
            cast.worker, cast.practice,
            host="models.example.com", purpose=MODEL_SERVER, session_id=session.pk, words=words, replaced=2,
        )  # fmt: skip
    (total,) = sent_to(cast.maya)
    assert (total.host, total.times, total.words, total.replaced) == ("models.example.com", 2, 42, 4)
    assert [row.words for row in sent_in(cast.maya, session.pk)] == [12, 30]
    assert (sent_to(cast.tom), sent_in(cast.sam, session.pk)) == ([], [])
    with pytest.raises(NotAllowed):
        note_sent(cast.maya, cast.practice, host="x.example", purpose=MAIL, session_id=0, words=1, replaced=0)
