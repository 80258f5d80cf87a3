"""A certificate of destruction on paper."""

from importlib.resources import files
from zoneinfo import ZoneInfo

from holdspace.safekeeping.certificate import MEANS, REACHES, Certificate
from holdspace.ui.paper import typeset

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
    return typeset(TEMPLATE, "certificate", words, dated=found.at)
