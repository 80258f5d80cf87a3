"""No name and no password was there before somebody made one, and none is one that everybody tries first."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.urls import reverse

from holdspace.people.models import User
from holdspace.people.rules import TRIAL
from holdspace.proof.browser import Browser
from holdspace.proof.promise import Promise, Seen, demand, demand_refused
from holdspace.proof.trial import Trial
from holdspace.proof.undone import undone

PROMISE = Promise(
    number="4.13",
    says="There is no default password: nobody can sign in with a name or a password that came with the "
    "program.",
    tried="Names and passwords that everybody tries first were tried at the door, and as new passwords; "
    "those who work here were looked at for having one of them.",
    red="Somebody signs in with a password everybody knows. Have it changed today, and look through the log "
    "for who came in.",
)
NAMES = ("admin", "administrator", "root", "holdspace", "demo", "test", "user")
PASSWORDS = ("holdspace", "password1234", "correct horse battery staple")
WEAK = ("password", "holdspace", "123456789012", "password1234")
ANSWERED, AWAY = 200, (302, 303)
"""The door shows its form again; every other page leads back to it."""
MOST_PEOPLE = 10
"""Each look costs a tenth of a second of stretching."""


def try_now(trial: Trial) -> Seen:  # noqa: ARG001  # every promise is given the trial
    """Try the door, the rules, and those who work here."""
    known = set(User.objects.values_list("username", flat=True))
    tried = [name for name in NAMES if name not in known]
    with undone():  # a failed try at somebody's door is counted: these are nobody's
        for name in tried:
            _demand_shut(name)
    for password in WEAK:
        _demand_weak(password)
    people = list(User.objects.filter(is_active=True).exclude(practice_id=TRIAL)[:MOST_PEOPLE])
    common = [
        user for user in people if any(user.check_password(word) for word in (user.username, *PASSWORDS))
    ]
    demand(not common, f"{len(common)} of those who work here have a password everybody tries.")
    return (
        f"{len(tried)} names that everybody tries were refused at the door, and {len(WEAK)} passwords as new ones.",
        f"None of {len(people)} people who work here has one of {len(PASSWORDS) + 1} that everybody tries.",
    )


def _demand_shut(name: str) -> None:
    browser = Browser()
    answer = browser.post(reverse("people:sign_in"), {"username": name, "password": name})
    demand(answer.status == ANSWERED, f"The door answered {answer.status} to a wrong password.")
    for page in ("people:clients", "people:second"):
        inside = browser.get(reverse(page))
        demand(inside.status in AWAY, f"Somebody came in as {name} with a password everybody tries.")


def _demand_weak(password: str) -> None:
    demand_refused(
        lambda: validate_password(password),
        ValidationError,
        "A password everybody tries was taken as a new one.",
    )
