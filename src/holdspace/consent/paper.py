"""A signed consent on paper (typst). Its words reach the template as strings in one JSON input, never as markup."""

import json
from datetime import UTC
from importlib.resources import files
from zoneinfo import ZoneInfo

import typst

from holdspace.consent.queries import SignedConsent

TEMPLATE = files("holdspace.consent").joinpath("consent.typ").read_bytes()


def render_consent_pdf(signed: SignedConsent, *, zone: str) -> bytes:
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
    }
    rendered = typst.compile(
        TEMPLATE,
        format="pdf",
        sys_inputs={"consent": json.dumps(words)},
        timestamp=signed.given_at.astimezone(UTC).replace(microsecond=0),
    )
    if not isinstance(rendered, bytes):  # a list would mean one file per page, which is for pictures only
        raise TypeError("typst gave pages instead of one document")
    return rendered
