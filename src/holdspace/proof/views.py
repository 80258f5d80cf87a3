"""Each promise as it was last tried on this installation; to run anew, to print, to hand out."""

from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from holdspace.proof import actions, queries
from holdspace.proof.listed import listed
from holdspace.proof.paper import render_report_pdf
from holdspace.proof.promise import GROUPS, KEPT, NOT_TRIED, WORDS, Result
from holdspace.proof.report import Report, read
from holdspace.ui.http import Request, download, page, see

TONES = {KEPT: "done", NOT_TRIED: "due"}


@dataclass(frozen=True, slots=True)
class ShownResult:
    """One promise as its line shows it."""

    result: Result
    state: str
    tone: str

    @property
    def is_kept(self) -> bool:
        """Whether it passed."""
        return self.result.state == KEPT


@dataclass(frozen=True, slots=True)
class ShownGroup:
    """One test of the mission with its promises."""

    title: str
    results: tuple[ShownResult, ...]

    @property
    def kept(self) -> int:
        """How many were kept."""
        return sum(one.is_kept for one in self.results)


@require_GET
def prove(request: Request) -> HttpResponse:
    """What the last run found, and the button for another."""
    queries.practice_to_prove(request.actor)
    return page(request, "proof/prove.html", **_shown(request))


@require_POST
def run(request: Request) -> HttpResponse:
    """Run every promise now, in the background."""
    actions.ask_for_proof(request.actor, queries.practice_to_prove(request.actor))
    return see("proof:prove")


@require_GET
def now(request: Request) -> HttpResponse:
    """How far the run is; polled by the page while there is one."""
    queries.practice_to_prove(request.actor)
    return page(request, "proof/now.html", **_shown(request))


@require_GET
def pdf(request: Request) -> HttpResponse:
    """The last report on paper, to hand out."""
    practice = queries.practice_to_prove(request.actor)
    text = queries.report_text(request.actor)
    body = render_report_pdf(text, zone=ZoneInfo(practice.zone))
    return download(f"promises-{read(text).at:%Y-%m-%d}.pdf", body)


@require_GET
def as_json(request: Request) -> HttpResponse:
    """The last report as it was written, byte for byte: its fingerprint is on the paper."""
    queries.practice_to_prove(request.actor)
    text = queries.report_text(request.actor)
    name = f"promises-{read(text).at:%Y-%m-%d}.json"
    return download(name, text, kind="application/json; charset=utf-8")


def _shown(request: Request) -> dict[str, Any]:
    report, last = queries.latest_report(request.actor), queries.latest_run(request.actor)
    return {
        "report": report,
        "groups": tuple(_group(report, number) for number in GROUPS) if report else (),
        "run": last,
        "total": len(listed()),
        "place": "practice",
    }


def _group(report: Report, number: int) -> ShownGroup:
    results = tuple(
        ShownResult(result, WORDS[result.state], TONES.get(result.state, "stop"))
        for result in report.group(number)
    )
    return ShownGroup(GROUPS[number], results)
