"""Decisions about hosts on plain values: how one is named, what one is for, and when a model's server may be asked."""

import re
from dataclasses import dataclass
from datetime import date
from ipaddress import ip_address
from urllib.parse import urlsplit

from holdspace.errors import BadInput

MAIL, CLEARINGHOUSE, MODEL_SERVER = "mail", "clearinghouse", "model server"
PURPOSES = {
    MAIL: "Mail: reminders and messages",
    CLEARINGHOUSE: "Clearinghouse: claims and payments",
    MODEL_SERVER: "Language model: wording",
}
BAA = "BAA"
AGREEMENTS = {
    BAA: "Business associate agreement (HIPAA, 45 CFR 164.504(e))",
    "DPA": "Data processing agreement",
    "QSOA": "Qualified service organization agreement (42 CFR Part 2)",
}
LONGEST_HOST = 253
USUAL_PORT, LAST_PORT = 443, 65535
_LABEL = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class AgreementGiven:
    """The signed agreement somebody says is in place: with whom, of which kind, of which day."""

    party: str
    kind: str
    signed_on: date


def host_of(typed: str) -> str:
    """A host as a door knows it, `host` or `host:port`, from a name or an address somebody typed. Raises BadInput."""
    text = typed.strip().lower()
    try:
        parts = urlsplit(text if "://" in text else f"https://{text}")
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:
        raise _not_a_host() from None
    if parts.username or parts.scheme not in ("https", "http") or not _is_name(host):
        raise _not_a_host()
    if port is not None and not 0 < port <= LAST_PORT:
        raise _not_a_host()
    return host if port in (None, USUAL_PORT) else f"{host}:{port}"


def check_allowed(purpose: str, agreement: AgreementGiven | None, *, is_ours: bool, today: date) -> None:
    """Raise BadInput unless a host may be allowed for this: a model's server is hers, or under an agreement."""
    if purpose not in PURPOSES:
        raise BadInput("Say what the host is for.")
    if purpose == MODEL_SERVER and not is_ours and agreement is None:
        raise BadInput(
            "A language model’s server needs a signed agreement, or must be your own.",
            then="Tick that an agreement is in place and name the party, or tick that the server is yours.",
        )
    if is_ours and agreement is not None:
        raise BadInput("A server is either your own or somebody else’s under an agreement.")
    if agreement is not None and (agreement.kind not in AGREEMENTS or not agreement.party.strip()):
        raise BadInput("An agreement names its party and its kind.")
    if agreement is not None and agreement.signed_on > today:
        raise BadInput("The agreement cannot be signed in the future.")


def _is_name(host: str) -> bool:
    try:
        return bool(ip_address(host))
    except ValueError:
        pass
    is_whole = 0 < len(host) <= LONGEST_HOST and all(map(_LABEL.fullmatch, host.split(".")))
    return is_whole and not host.replace(".", "").isdigit()


def _not_a_host() -> BadInput:
    return BadInput("That is not the name of one host.", then="Type it like api.example.com, without a star.")
