"""The page of the promises, and what is handed out of it."""

import hashlib
import json
from datetime import timedelta
from io import BytesIO
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pypdf import PdfReader

from holdspace.people.models import Practice
from holdspace.proof.actions import ask_for_proof, begin_proof, keep_report
from holdspace.proof.listed import listed
from holdspace.proof.models import ProofRun
from holdspace.proof.paper import render_report_pdf
from holdspace.proof.promise import BROKEN, KEPT, NOT_ENFORCED, NOT_TRIED, Result, State
from holdspace.proof.prover import prove_until
from holdspace.proof.report import written
from holdspace.proof.rules import MOST_KEPT, SILENCE
from tests.cast import Cast
from tests.rooms.pages.conftest import SignIn, as_

__all__ = ["as_"]

pytestmark = pytest.mark.django_db
MARKUP = 'It was <b>seen</b>. #read("/etc/hostname") *bold* $x$ “quoted”'


def result(number: str, state: State, seen: str = "Nothing was found.") -> Result:
    """One promise as it was tried."""
    then = "" if state == KEPT else f"Do this about {number}."
    return Result(
        f"promise-{number}", number, f"Promise {number} holds.", "It was tried.", state, (seen,), then, 0.5
    )


MIXED = (
    result("1.1", KEPT),
    result("1.2", BROKEN, MARKUP),
    result("2.1", NOT_TRIED, "No model."),
    result("4.1", NOT_ENFORCED, "It is open."),
)


def proven(cast: Cast, *results: Result, is_whole: bool = True) -> ProofRun:
    """A run that found this."""
    run = ask_for_proof(cast.maya, cast.practice)
    begin_proof(cast.worker, run)
    return keep_report(cast.worker, run, report=written(results, is_whole=is_whole))


def shown(browser: Browser, address: str = "/prove/") -> str:
    """The page's text."""
    answer = browser.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_before_the_first_run_it_says_so_and_one_press_asks_for_one(as_: SignIn) -> None:
    maya = as_("maya")
    assert f"There are {len(listed())} promises." in shown(maya)
    assert maya.get("/prove/pdf/").status_code == 404
    assert maya.get("/prove/json/").status_code == 404
    assert maya.post("/prove/run/").headers["Location"] == "/prove/"
    assert "Trying every promise" in shown(maya)
    assert 'hx-trigger="every 1s"' in shown(maya, "/prove/now/")
    again = maya.post("/prove/run/")
    assert again.status_code == 409
    assert "A proof is running already." in again.content.decode()
    assert ProofRun.objects.count() == 1


def test_what_is_red_is_open_and_says_what_to_do_and_what_is_kept_is_folded(cast: Cast, as_: SignIn) -> None:
    proven(cast, *MIXED)
    page = shown(as_("maya"))
    assert f"1 of {len(listed())} kept" in page
    assert "1 kept · 1 broken · 1 not tried · 1 not enforced here" in page
    for one in MIXED:
        line = page.partition(f'id="promise-{one.code}"')[2].partition("</li>")[0]
        assert (" open>" in line) == (one.state != KEPT)
        assert (one.then or one.says) in line
    assert "It was &lt;b&gt;seen&lt;/b&gt;." in page
    assert "Try them again now" in page


def test_only_a_whole_run_of_which_all_is_kept_is_said_to_be_kept(cast: Cast, as_: SignIn) -> None:
    proven(cast, result("1.1", KEPT), is_whole=False)
    assert "This was not a run of all promises." in shown(as_("maya"))
    assert "Look below" in shown(as_("maya"))
    proven(cast, result("1.1", KEPT))
    assert "All 1 kept" in shown(as_("maya"))


@pytest.mark.parametrize("who", ["tom", "ada", "bo", "sam"])
def test_the_proof_is_its_owners(cast: Cast, as_: SignIn, who: str) -> None:
    proven(cast, *MIXED)
    theirs = as_(who)
    assert [theirs.get(f"/prove/{part}").status_code for part in ("", "now/", "pdf/", "json/")] == [404] * 4
    assert theirs.post("/prove/run/").status_code == 404
    assert ProofRun.objects.count() == 1


def test_the_json_is_what_was_kept_byte_for_byte_and_the_paper_names_its_fingerprint(
    cast: Cast, as_: SignIn
) -> None:
    kept = proven(cast, *MIXED)
    maya = as_("maya")
    content = maya.get("/prove/json/").content
    assert content.decode() == kept.report
    assert hashlib.sha256(content).hexdigest() == kept.sha256
    told = json.loads(content)
    assert (told["version"], told["counts"]["kept"], told["all_kept"]) == (1, 1, False)
    answer = maya.get("/prove/pdf/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="promises-')
    text = read(answer.content)
    assert kept.sha256 in text.replace(" ", "")
    assert kept.sha256 in shown(maya)


def test_the_paper_shows_every_result_as_it_is_and_reads_no_markup(cast: Cast) -> None:
    report = proven(cast, *MIXED).report
    paper = render_report_pdf(report, zone=ZoneInfo("America/New_York"))
    assert paper == render_report_pdf(report, zone=ZoneInfo("America/New_York"))
    text = read(paper)
    assert "1 of 4 promises were kept." in text
    assert MARKUP in text
    for word in ("Kept", "Broken", "Not tried", "Not enforced here", "Do this about 2.1."):
        assert word in text
    assert "All 1 promises were tried and kept." in read(
        render_report_pdf(written([result("1.1", KEPT)], is_whole=True), zone=ZoneInfo("UTC"))
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "since",
    [SILENCE + timedelta(seconds=1), -timedelta(days=365)],
    ids=["it says nothing", "its clock was ahead"],
)
def test_a_run_whose_process_is_gone_is_over_and_says_so(
    cast: Cast, as_: SignIn, monkeypatch: pytest.MonkeyPatch, since: timedelta
) -> None:
    lost = ask_for_proof(cast.maya, cast.practice)
    begin_proof(cast.worker, lost)
    ProofRun.objects.update(heartbeat_at=timezone.now() - since)
    stop, looks = Event(), iter((False, True))
    monkeypatch.setattr(stop, "wait", lambda _seconds: next(looks))
    prove_until(stop)  # one look of the thread beside a server
    assert "Holdspace stopped while the proof ran." in shown(as_("maya"), "/prove/now/")
    assert "Try them now" in shown(as_("maya"))
    lost.refresh_from_db()
    assert lost.state == "failed"
    assert as_("maya").post("/prove/run/").status_code == 302


def test_the_newest_runs_are_kept(cast: Cast) -> None:
    for _ in range(MOST_KEPT + 2):
        newest = proven(cast, result("1.1", KEPT))
    assert ProofRun.objects.count() == MOST_KEPT
    assert ProofRun.objects.filter(pk=newest.pk).exists()
    assert Practice.objects.count() == 1


def read(paper: bytes) -> str:
    """The text of a PDF."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages).split())
