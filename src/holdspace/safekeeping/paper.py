"""A certificate of destruction on paper (typst). Its words reach the template as one JSON input, never as markup."""

import json
from datetime import UTC
from importlib.resources import files
from zoneinfo import ZoneInfo

import typst

from holdspace.safekeeping.certificate import MEANS, REACHES, Certificate

TEMPLATE = files("holdspace.safekeeping").joinpath("certificate.typ").read_bytes()


def render_certificate_pdf(found: Certificate, *, practice: str, zone: str) -> bytes:
    """The certificate as a PDF (US Letter, tagged). The same certificate prints to the same bytes."""
    at = found.at.astimezone(ZoneInfo(zone))
    words = {
        "practice": practice,
        "title": "Certificate of destruction",
        "number": str(found.number),
        "facts": [
            [label, value]
            for label, value in (
                ("Destroyed", found.what),
                ("Of", found.about),
                ("When", f"{at:%A}, {at.day} {at:%B %Y, %H:%M:%S %Z}"),
                ("Rule", found.rule),
                ("Source", found.law),
                ("Key", found.key_id),
            )
            if value
        ],
        "means": MEANS,
        "reaches": REACHES,
    }
    rendered = typst.compile(
        TEMPLATE,
        format="pdf",
        sys_inputs={"certificate": json.dumps(words)},
        timestamp=found.at.astimezone(UTC).replace(microsecond=0),
    )
    if not isinstance(rendered, bytes):  # a list would mean one file per page, which is for pictures only
        raise TypeError("typst gave pages instead of one document")
    return rendered
