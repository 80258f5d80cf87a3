"""Whatever leaves this machine leaves by one door, and somebody decided it: every place that can send is known."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.db.models import Exists, Min, OuterRef, Q

import holdspace
from holdspace.access.policy import POLICY, VERBS
from holdspace.audit.models import Entry
from holdspace.outside.models import AllowedHost, Sent
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.trial import Trial

PROMISE = Promise(
    number="4.15",
    says="Nothing leaves this machine unless a person decided it: each way out has its human act.",
    tried="The program that is installed here was read: which of its parts can open a connection, and who "
    "told each to. Then the table of who may do what was read for what a program may do by itself, and the "
    "lists of hosts that were allowed and of requests that left, each against the log.",
    red="A part of Holdspace can send without anybody’s act. Pull the network cable, and show this report to "
    "whoever looks after the machine.",
)
SOURCE = Path(holdspace.__file__).parent
NETWORK = (
    "socket",
    "ssl",
    "http.client",
    "urllib.request",
    "httpx",
    "requests",
    "smtplib",
    "ftplib",
    "paramiko",
    "aiohttp",
)
SENDERS = ("holdspace.outbound.http.", "holdspace.outbound.gateway.")
TELLS_ONLY = frozenset({"holdspace.outbound.gateway.Gateway", "holdspace.outbound.gateway.here"})
"""Names of the door’s that send nothing by themselves."""
NAMED, ALLOWED = "she named a speech server (SPEECH_URL)", "the owner allowed a model’s server by its name"
HUMAN_ACTS = {
    "assist.doorway": ALLOWED,
    "assist.remote": ALLOWED,
    "assist.speech_child": NAMED,
    "assist.speech_process": NAMED,
    "cli.demo": "only its own listener is bound",
    "cli.draft": "she named a language server on the command line",
    "cli.enclosing": "hosts in the configuration, and those the owner allowed by name",
    "cli.models": "she asked for a model’s file",
    "cli.prove": "it lets the gateway go",
    "cli.serve": "it lets the gateway go",
    "cli.worker": "it lets the gateway go",
    "people.unattended": "the owner let a key service open the practice",
}
"""Each part that uses the door, and the act of a person that opens it."""
HUMAN_VERBS = (
    "outside.allow",
    "outside.end",
    "practice.unattended",
    "note.sign",
    "note.amend",
    "note.review",
    "note.write",
    "consent.record",
    "consent.revoke",
    "disclosure.record",
    "disclosure.authorize",
    "switch.on",
    "switch.off",
    "switch.choose",
    "user.invite",
)
"""What is a person's to do, never a program's alone. Every verb that takes a copy out is one as well."""
TAKES_OUT = (".export", ".print")


def try_now(trial: Trial) -> Seen:
    """Read the installed program for its ways out, and the practice's lists of what was allowed and sent."""
    connecting, using, read = _ways()
    demand(not connecting, *(f"{name} can open a connection past the door." for name in connecting))
    unknown = sorted(set(using) - set(HUMAN_ACTS))
    demand(not unknown, *(f"{name} uses the door, and no human act of it is known." for name in unknown))
    verbs = [*HUMAN_VERBS, *sorted(verb for verb in VERBS if verb.endswith(TAKES_OUT))]
    alone = [verb for verb in verbs if POLICY[verb, "worker"] != "-"]
    demand(not alone, *(f"The worker may do “{verb}” by itself." for verb in alone))
    return (
        f"{read} parts of the program were read; only the door can open a connection.",
        f"{len(using)} use it: {'; '.join(dict.fromkeys(HUMAN_ACTS[name] for name in using))}.",
        f"{len(verbs)} acts are a person’s alone in the table of who may do what.",
        *_allowed_and_sent(trial.real.pk),
    )


def _allowed_and_sent(practice_id: int) -> tuple[str, ...]:
    """Every host on the list has the log's entry of who allowed it; every request went to one that was allowed then."""
    hosts = list(AllowedHost.objects.filter(practice_id=practice_id))
    oldest = Entry.objects.aggregate(at=Min("at"))["at"]
    strange = [row for row in hosts if oldest and row.allowed_at >= oldest and not _has_entry(row)]
    demand(not strange, f"{len(strange)} of {len(hosts)} hosts stand on the list and nobody allowed them.")
    sent = Sent.objects.filter(practice_id=practice_id)
    allowed = AllowedHost.objects.filter(
        Q(ended_at=None) | Q(ended_at__gte=OuterRef("at")),
        practice_id=practice_id,
        host=OuterRef("host"),
        purpose=OuterRef("purpose"),
        allowed_at__lte=OuterRef("at"),
    )
    past = sent.exclude(Exists(allowed)).count()
    demand(not past, f"{past} requests left to hosts that nobody had allowed.")
    return (
        f"{len(hosts)} hosts were ever allowed here, each by somebody in the log; {sent.count()} requests left, "
        "each to one of them.",
    )


def _has_entry(row: AllowedHost) -> bool:
    return Entry.objects.filter(
        verb="outside.allow", outcome="done", user_id=row.allowed_by_id, subject_id=row.practice_id
    ).exists()


def _ways() -> tuple[list[str], list[str], int]:
    """Parts that can connect by themselves, parts that use the door, and how many were read."""
    connecting, using, read = [], [], 0
    for path in sorted(SOURCE.rglob("*.py")):
        name = ".".join(path.relative_to(SOURCE).with_suffix("").parts)
        if name.startswith("outbound."):
            continue
        imported = set(_imported(path))
        read += 1
        if any(f"{one}.".startswith(f"{banned}.") for one in imported for banned in NETWORK):
            connecting.append(name)
        if any(f"{one}.".startswith(SENDERS) for one in imported - TELLS_ONLY):
            using.append(name)
    return connecting, using, read


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Import(names=names):
                yield from (name.name for name in names)
            case ast.ImportFrom(module=str(module), names=names):
                yield from (f"{module}.{name.name}" for name in names)
