"""The one way off the machine goes to hosts a person named, and refuses every other."""

from urllib.parse import urlsplit

from django.conf import settings

from holdspace.outbound.door import Door, HostNotAllowed
from holdspace.proof.promise import Promise, Seen, demand_refused
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="1.13",
    says="Holdspace connects to no other machine, but to hosts a person named.",
    tried="The one door out was asked for addresses nobody named, and for tricks with addresses that were.",
    red="Holdspace may connect where nobody told it to. Pull the network cable, and show this report to "
    "whoever looks after the machine.",
)
NAMED = "https://named.example"
"""A host of the trial that somebody named; example is nobody's by rule (RFC 2606)."""
STRANGERS = (
    "https://elsewhere.example/",
    "https://named.example.elsewhere.example/",
    "https://named.example@elsewhere.example/",
    "https://somebody@named.example/",
    "http://named.example/",
    "ftp://named.example/",
    "//named.example/",
    "file:///etc/hostname",
)


def try_now(trial: Trial) -> Seen:  # noqa: ARG001  # every promise is given the trial
    """Ask the door for what it must refuse."""
    for door in (Door(), Door.to([NAMED])):
        for address in STRANGERS:
            _demand_refused(door, address)
    configured = [url for url in (settings.CONFIG.speech_url, settings.CONFIG.database_url) if url]
    hosts = sorted({urlsplit(url).hostname or "this machine" for url in configured})
    return (
        f"{len(STRANGERS)} addresses were refused, by a door without hosts and by one with a single host.",
        f"Named in the configuration: {', '.join(hosts) if hosts else 'no host at all'}.",
    )


def _demand_refused(door: Door, address: str) -> None:
    demand_refused(
        lambda: door.check(address), HostNotAllowed, f"The door let {address} pass, which nobody named."
    )
