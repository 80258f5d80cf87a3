"""A signed consent, and an accounting of disclosures, on paper."""

from datetime import UTC, date, datetime, time
from importlib.resources import files
from zoneinfo import ZoneInfo

from holdspace.consent.disclosed import Accounting
from holdspace.consent.disclosure import Told
from holdspace.consent.queries import SignedConsent
from holdspace.ui.paper import typeset

TEMPLATE = files("holdspace.consent").joinpath("consent.typ").read_bytes()
ACCOUNTING = files("holdspace.consent").joinpath("accounting.typ").read_bytes()


def render_consent_pdf(signed: SignedConsent, *, zone: str, notice: tuple[str, ...] = ()) -> bytes:
    """The consent as a PDF (US Letter, tagged). The same consent prints to the same bytes."""
    title, parts = signed.parts
    given_at = signed.given_at.astimezone(ZoneInfo(zone))
    words = {
        "practice": signed.practice,
        "title": title,
        "parts": [{"heading": heading, "paragraphs": paragraphs} for heading, paragraphs in parts],
        "name": signed.name,
        "as": signed.answered_as,
        "when": f"{given_at:%A}, {given_at.day} {given_at:%B %Y, %H:%M %Z}",
        "where": signed.signed_where,
        "back": f"Taken back {signed.revoked_at.astimezone(ZoneInfo(zone)):%Y-%m-%d, %H:%M %Z}"
        if signed.revoked_at
        else "",
        "version": signed.version,
        "sha256": signed.sha256,
        "notice": list(notice),
    }
    return typeset(TEMPLATE, "consent", words, dated=signed.given_at)


def render_accounting_pdf(made: Accounting) -> bytes:
    """The accounting as a PDF (US Letter, tagged)."""
    words = {
        "practice": made.practice,
        "address": list(made.address),
        "client": made.client,
        "born": made.born,
        "first": _day(made.first),
        "last": _day(made.last),
        "made_on": _day(made.made_on),
        "lines": [_line(one) for one in made.lines],
        "notice": list(made.notice),
        "only_for": made.only_for,
    }
    return typeset(ACCOUNTING, "accounting", words, dated=datetime.combine(made.made_on, time(), UTC))


def _line(told: Told) -> dict[str, object]:
    """Date, to whom, what, what for (45 CFR 164.528(b)(2)), and whether the law asks for it in this list."""
    authorized = told.authorization
    return {
        "on": _day(told.on),
        "to": told.to or "Nobody was named; the practice holds the copy",
        "address": told.address,
        "what": told.what,
        "details": told.details,
        "way": told.way,
        "why": told.basis.words,
        "law": told.basis.law,
        "purpose": told.purpose,
        "authorization": f"Signed by {authorized.signed_by} on {_day(authorized.signed_on)}"
        if authorized
        else "",
        "is_accounted": told.basis.is_accounted,
    }


def _day(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
