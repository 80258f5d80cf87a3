"""Decisions about disclosures on plain values: what may go out under what, and what an accounting covers.

The words and the law behind each reason are data (disclosures.toml, redisclosure.toml).
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any, Self

from holdspace.errors import BadInput

HOLDER, UNSAID, TO_CLIENT, AUTHORIZED = "holder", "unsaid", "client", "authorization"
INVOLVED = "involved"
NOTE, LEDGER, CONSENT, ACCOUNTING, PSYCHOTHERAPY = "note", "ledger", "consent", "accounting", "psychotherapy"
FILE = "file"
THE_CLIENT = "the client"


@dataclass(frozen=True, slots=True)
class Basis:
    """Why something may be disclosed: in words, by which law, and whether the client's accounting must have it."""

    code: str
    words: str
    law: str
    is_accounted: bool
    part2: str = ""


@dataclass(frozen=True, slots=True)
class Authorized:
    """An authorization as it stands."""

    id: int
    recipient: str
    kinds: tuple[str, ...]
    purpose: str
    signed_by: str
    signed_on: date
    expires_on: date | None
    expires_when: str
    revoked_on: date | None
    is_passed_over: bool = False
    """Whether somebody signed it in the place of a minor whose yes comes first (42 CFR 2.14): it carries nothing."""

    def in_outline(self) -> Self:
        """For who may not read notes: who may have something and until when, not what nor what for."""
        return replace(self, kinds=(), purpose="", expires_when="")

    def covers(self, kind: str, on: date) -> bool:
        """Whether it lets this kind of thing go out on that day."""
        is_over = self.expires_on is not None and on > self.expires_on
        is_revoked = self.revoked_on is not None and on >= self.revoked_on
        is_standing = self.signed_on <= on and not (is_over or is_revoked or self.is_passed_over)
        return is_standing and _reaches(self.kinds, kind)

    @property
    def is_for_billing(self) -> bool:
        """Whether bills may go out under it, so that who bills has to know of it."""
        return any(_reaches(self.kinds, kind) for kind in _told()["billing"]["kinds"])

    @property
    def what(self) -> str:
        """What it covers, in words."""
        return ", ".join(kinds()[kind].lower() for kind in self.kinds)


@dataclass(frozen=True, slots=True)
class Told:
    """A disclosure as pages and paper show it (45 CFR 164.528(b)(2): date, to whom, what, what for)."""

    id: int
    on: date
    to: str
    address: str
    kind: str
    about_day: date | None
    details: str
    basis: Basis
    purpose: str
    how: str
    authorization: Authorized | None
    is_part2: bool
    recorded_by: str

    def in_outline(self) -> Self:
        """For who may not read notes, of their own work: nothing written freely about it."""
        authorized = self.authorization.in_outline() if self.authorization else None
        return replace(self, details="", purpose="", authorization=authorized)

    def unseen(self) -> Self:
        """For who may not read notes, of all else: that it went out, and when. Its kind would tell of the care."""
        return replace(
            self,
            to="",
            address="",
            kind="",
            about_day=None,
            details="",
            basis=Basis("", "", "", is_accounted=False),
            purpose="",
            how="",
            authorization=None,
            is_part2=False,
            recorded_by="",
        )

    @property
    def what(self) -> str:
        """What went out, by kind and day, never its content."""
        if not self.kind:
            return "Another disclosure"
        of = f" of {self.about_day.day} {self.about_day:%B %Y}" if self.about_day else ""
        return f"{kinds()[self.kind]}{of}"

    @property
    def way(self) -> str:
        """How it went."""
        return ways()[self.how] if self.how else ""

    @property
    def is_open(self) -> bool:
        """Whether something is still to be said about it: to whom, or why."""
        return self.basis.code in (HOLDER, UNSAID)


def _reaches(covered: Collection[str], kind: str) -> bool:
    if kind == PSYCHOTHERAPY:  # needs an authorization of its own (45 CFR 164.508(b)(3)(ii))
        return tuple(covered) == (PSYCHOTHERAPY,)
    return kind in covered or "record" in covered


@cache
def kinds() -> Mapping[str, str]:
    """What can be disclosed, in words."""
    return dict(_told()["kinds"])


@cache
def ways() -> Mapping[str, str]:
    """How it can go, in words."""
    return dict(_told()["how"])


@cache
def bases() -> Mapping[str, Basis]:
    """Why it may go."""
    return {
        code: Basis(code, row["words"], row["law"], row["accounted"], row.get("part2", ""))
        for code, row in _told()["bases"].items()
    }


def is_for_billing(kind: str, basis: str) -> bool:
    """Whether it is the work of who bills."""
    told = _told()["billing"]
    return kind in told["kinds"] or basis in told["bases"]


def years() -> int:
    """How far back an accounting goes."""
    return int(_told()["years"])


def check_may_go(kind: str, basis: str, authorized: Authorized | None, on: date, to: str) -> None:
    """Raise BadInput where the reason does not carry what is disclosed, or not to whom."""
    if kind == PSYCHOTHERAPY and basis not in _told()["psychotherapy"]["bases"]:
        raise BadInput(
            "Psychotherapy notes go out only as the client authorized for them alone, or where the law demands it.",
            then="Choose the authorization, or another reason (45 CFR 164.508(a)(2)).",
        )
    if basis == AUTHORIZED and (authorized is None or not authorized.covers(kind, on)):
        raise BadInput(
            "No authorization of this client covers that on that day.",
            then="Enter the signed authorization first, or choose another reason.",
        )
    if basis == AUTHORIZED and authorized and not is_same_name(authorized.recipient, to):
        raise BadInput(
            "The authorization you chose names somebody else as the one who may have it.",
            then="Write the name that stands on it, or choose another reason.",
        )


def window(first: date | None, last: date | None, today: date) -> tuple[date, date]:
    """The days an accounting covers: the last six years unless told, and never longer. Raises BadInput."""
    end = last or today
    begin = first or earlier(end, years())
    if begin > end:
        raise BadInput("The first day is after the last.", then="Change one of them.")
    if begin < earlier(end, years()):
        raise BadInput(f"An accounting covers {years()} years at most.", then="Choose a later first day.")
    return begin, end


def earlier(day: date, by_years: int) -> date:
    """The same day some years before; of a 29 February the 28th."""
    try:
        return day.replace(year=day.year - by_years)
    except ValueError:
        return day.replace(year=day.year - by_years, day=28)


def is_same_name(one: str, other: str) -> bool:
    """Whether two names are one, capitals and spaces apart."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def is_the_client(to: str, name: str) -> bool:
    """Whether it goes to the client themselves, by their name or so called."""
    return is_same_name(to, THE_CLIENT) or is_same_name(to, name)


def is_signed_by(signed_by: str, name: str) -> bool:
    """Whether somebody signed, alone or beside others ("Ruth Abel and Nora Abel, mother")."""
    return any(is_same_name(one, name) for one in (signed_by, *re.split(r"[,;&]|\band\b", signed_by)))


def matching(authorizations: Iterable[Authorized], to: str, kind: str, on: date) -> Authorized | None:
    """The authorization that names this recipient and covers this, or None."""
    return next((a for a in authorizations if is_same_name(a.recipient, to) and a.covers(kind, on)), None)


@cache
def notice() -> tuple[str, tuple[str, ...]]:
    """The title and the paragraphs of the notice of 42 CFR 2.32."""
    text = files("holdspace.consent").joinpath("redisclosure.toml").read_text(encoding="utf-8")
    told = tomllib.loads(text)
    return told["title"], tuple(told["paragraphs"])


@cache
def _told() -> dict[str, Any]:
    return tomllib.loads(files("holdspace.consent").joinpath("disclosures.toml").read_text(encoding="utf-8"))
