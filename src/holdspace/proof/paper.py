"""A report on paper, to hand to a client or a regulator."""

from importlib.resources import files
from zoneinfo import ZoneInfo

from holdspace.proof.promise import GROUPS, KEPT, WORDS, Result
from holdspace.proof.report import Report, read
from holdspace.ui.paper import typeset

TEMPLATE = files("holdspace.proof").joinpath("report.typ").read_bytes()


def render_report_pdf(text: str, *, zone: ZoneInfo) -> bytes:
    """The report as a PDF (US Letter, tagged). The same report prints to the same bytes."""
    report = read(text)
    return typeset(TEMPLATE, "report", _printed(report, zone), dated=report.at)


def _printed(report: Report, zone: ZoneInfo) -> dict[str, object]:
    at, told = report.at.astimezone(zone), report.installation
    log = told.get("log") or {}
    facts = {
        "Tried on": f"{at:%A}, {at.day} {at:%B %Y, %H:%M %Z}",
        "Installation": f"No. {told['number']}, which tells nothing about anybody",
        "Program": f"Holdspace {told['holdspace']} on {told['system']}, records in {told['database']}",
        "Models": ", ".join(told["models"]) or "none on this machine",
        "Log": f"{log['entries']:,} entries, the last with seal {log['sha256'][:16]}…" if log else "empty",
    }
    return {
        "facts": list(facts.items()),
        "verdict": _verdict(report),
        "all_kept": report.all_kept,
        "counts": [f"{number} {words.lower()}" for words, number in report.counts.items()],
        "groups": [
            {"title": title, "results": [_line(result) for result in report.group(number)]}
            for number, title in GROUPS.items()
            if report.group(number)
        ],
        "sha256": report.sha256,
    }


def _verdict(report: Report) -> str:
    if report.all_kept:
        return f"All {len(report.results)} promises were tried and kept."
    part = "" if report.is_whole else " This was not a run of all promises."
    return f"{report.kept} of {len(report.results)} promises were kept.{part}"


def _line(result: Result) -> dict[str, object]:
    return {
        "number": result.number,
        "says": result.says,
        "tried": result.tried,
        "state": WORDS[result.state],
        "is_kept": result.state == KEPT,
        "seen": list(result.seen),
        "then": result.then,
    }
