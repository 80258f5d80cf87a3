"""What sealing costs a page, and how long unlocking takes: `python -m bench.pages [ROUNDS] [CLIENTS] [NOTES]`.

Two processes hold the same invented practice, one as the product seals it, one with a cipher that does nothing (the
database as a whole is encrypted in both). A page is asked of one, then of the other, over and over, so that what else
the machine does meets both alike. Printed for each page: half of the answers were quicker than, 95 % were, in
milliseconds, sealed and plain, and what sealing added to the processor's work on it. Goal: 10 % at most; unlocking 1 s.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from statistics import median, quantiles
from typing import Any

from holdspace.cli.progress import shown_progress

OWN, NONE = "sealed", "plain"
UNLOCKED = 5
SENTENCES = 8
Times = list[tuple[float, float]]


def main(rounds: int, clients: int, notes: int) -> None:
    """Measure and print."""
    with ExitStack() as stack:
        asked = {cipher: stack.enter_context(_practice(cipher, clients, notes)) for cipher in (OWN, NONE)}
        pages = asked[OWN]("pages")
        times = {name: {cipher: Times() for cipher in asked} for name in pages}
        with shown_progress() as tell:
            for number in range(rounds):
                for name in pages:
                    for cipher in (OWN, NONE) if number % 2 else (NONE, OWN):
                        times[name][cipher].append(asked[cipher](name))
                tell("Opening the pages", (number + 1) / rounds)
        _table(times)
        unlocked = asked[OWN]("unlock")
        sys.stdout.write(
            f"\nunlocked    {unlocked['first']:.2f} s at first, {unlocked['median']:.2f} s median; of it "
            f"Argon2id {unlocked['argon2']:.2f} s ({unlocked['parameters']})\n"
            f"            the list of {clients:,} clients, the first page then: {unlocked['list']:.2f} s\n"
        )


def _table(times: dict[str, dict[str, Times]]) -> None:
    row = "{:<12} {:>14} {:>14} {:>12} {:>12}\n"
    sys.stdout.write(row.format("page", "sealed 50/95 %", "plain 50/95 %", "time added", "work added"))
    for name, measured in times.items():
        half, most, work = {}, {}, {}
        for cipher, taken in measured.items():
            walls = [wall * 1000 for wall, _ in taken]
            half[cipher], most[cipher] = median(walls), quantiles(walls, n=20)[-1]
            work[cipher] = median(used for _, used in taken)
        sys.stdout.write(
            row.format(
                name,
                *(f"{half[cipher]:.1f} / {most[cipher]:.1f}" for cipher in (OWN, NONE)),
                *(f"{of[OWN] / of[NONE] - 1:+.1%}" for of in (half, work)),
            )
        )


@contextmanager
def _practice(cipher: str, clients: int, notes: int) -> Iterator[Callable[[str], Any]]:
    """A process that holds the practice; what it is asked for, it times."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "HOLDSPACE_HOME": f"{folder}/practice",
            "DJANGO_SETTINGS_MODULE": "holdspace.web.settings",
        }
        command = [sys.executable, "-m", "bench.pages", cipher, str(clients), str(notes)]
        with subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as process:

            def asked(what: str) -> Any:
                if process.stdin is None or process.stdout is None:
                    raise RuntimeError("it has no line")
                process.stdin.write(what + "\n")
                process.stdin.flush()
                return json.loads(process.stdout.readline())

            yield asked
            process.terminate()


def serve(cipher: str, clients: int, notes: int) -> None:
    """One practice: answers each line of the input with how long that took."""
    import django  # noqa: PLC0415  # the settings read the environment

    django.setup()
    from django.conf import settings  # noqa: PLC0415  # likewise
    from django.test import Client as Browser  # noqa: PLC0415  # likewise
    from django.test.utils import setup_test_environment  # noqa: PLC0415  # likewise

    from bench import invented  # noqa: PLC0415  # likewise
    from holdspace.people.models import User  # noqa: PLC0415  # likewise

    setup_test_environment(debug=False)
    if cipher == NONE:
        _without_sealing()
    invented.begun(settings.CONFIG.home)
    owner = invented.filled(clients, notes, lambda *_: None)
    pages = _pages(owner)
    browser = Browser()
    browser.force_login(User.objects.get(pk=owner.user_id))
    for path in pages.values():
        _timed(browser, path)
    for line in sys.stdin:
        what = line.strip()
        answer: Any = pages
        if what == "unlock":
            answer = _unlocked(browser, pages["clients"])
        elif what != "pages":
            answer = _timed(browser, pages[what])
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def _timed(browser: Any, address: str) -> tuple[float, float]:
    from holdspace.web.limits import counter  # noqa: PLC0415  # needs a started Django

    counter.forget()  # nobody opens pages as often as this
    path, _, words = address.partition(" ")  # what is searched for is sent
    began, worked = time.perf_counter(), time.process_time()
    ask = browser.post if words else browser.get
    status = ask(path, {"words": words} if words else None).status_code
    taken = time.perf_counter() - began, time.process_time() - worked
    if status != 200:
        raise RuntimeError(f"{path} answered {status}")
    return taken


def _without_sealing() -> None:
    from holdspace.chart import models  # noqa: PLC0415  # needs a started Django
    from holdspace.vault import sealing  # noqa: PLC0415  # likewise

    class Nothing:
        def seal(self, _row: Any, _purpose: str, plain: bytes, *, identity: str) -> bytes:  # noqa: ARG002
            return plain

        def unseal(self, _row: Any, _purpose: str, sealed: bytes, *, identity: str) -> bytes:  # noqa: ARG002
            return sealed

        def unseal_all(self, _row: Any, _purpose: str, values: Any) -> list[bytes]:
            return [sealed for sealed, _ in values]

    sealing.cipher = Nothing()
    # What a sentence stands on is sealed by its model, under the session's key.
    vars(models).update(
        seal=lambda _key, plain, *, identity: plain,  # noqa: ARG005
        unseal=lambda _key, sealed, *, identity: sealed,  # noqa: ARG005
        make_key=lambda *_: b"",
        key_of=lambda *_: b"",
    )


def _pages(owner: Any) -> dict[str, str]:
    """Each page's address, with a day of appointments and a draft under review made for it."""
    from django.utils import timezone  # noqa: PLC0415  # needs a started Django

    from holdspace.chart.models import ProgressNote  # noqa: PLC0415  # likewise
    from holdspace.people.models import Client  # noqa: PLC0415  # likewise
    from holdspace.schedule.models import Appointment  # noqa: PLC0415  # likewise

    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    for number, client in enumerate(Client.objects.order_by("pk")[:9]):
        start = noon + timedelta(minutes=60 * (number - 4))
        Appointment.objects.create(
            client=client,
            clinician=client.clinician,
            start=start,
            end=start + timedelta(minutes=53),
            cpt="90837",
        )
    draft = _under_review(owner, Appointment.objects.filter(start=noon).get())
    signed = ProgressNote.objects.filter(state="signed").first()
    if signed is None:
        raise RuntimeError("no note is signed")
    return {
        "today": "/",
        "clients": "/clients/",
        "found": "/clients/ ana",
        "client": f"/clients/{signed.client_id}/",
        "review": f"/notes/{draft}/",
        "signed note": f"/notes/{signed.pk}/",
        "log": "/log/",
    }


def _under_review(owner: Any, appointment: Any) -> int:
    from tests.cast import TURNS, agree, small_draft  # noqa: PLC0415  # needs a started Django

    from holdspace.access.actor import Actor  # noqa: PLC0415  # likewise
    from holdspace.chart.actions import begin_review, save_draft  # noqa: PLC0415  # likewise
    from holdspace.engines.note import Draft  # noqa: PLC0415  # likewise
    from holdspace.engines.transcript import Transcript  # noqa: PLC0415  # likewise
    from holdspace.room.actions.sessions import keep_transcript, start_session  # noqa: PLC0415  # likewise
    from holdspace.vault.record_keys import key_for_saving  # noqa: PLC0415  # likewise
    from holdspace.vault.whose import CLIENT, Owner  # noqa: PLC0415  # likewise

    key_for_saving(Owner(CLIENT, appointment.client_id))  # what was heard is sealed either way
    worker = Actor.worker(owner.practice_id)
    session = start_session(owner, appointment)
    agree(owner, appointment.client)
    keep_transcript(worker, session, heard=Transcript(TURNS, "en", 60.0))
    small = small_draft()
    sections = tuple(
        type(section)(section.name, tuple(section.sentences) * SENTENCES) for section in small.sections
    )
    draft = Draft(format="DAP", sections=sections, questions=small.questions * 3, left_out=small.left_out * 6)
    return int(begin_review(owner, save_draft(worker, session, draft=draft)).pk)


def _unlocked(browser: Any, clients: str) -> dict[str, Any]:
    from django.conf import settings  # noqa: PLC0415  # needs a started Django
    from django.db import connection  # noqa: PLC0415  # likewise

    from bench.invented import PASSPHRASE  # noqa: PLC0415  # likewise
    from holdspace.people import opening  # noqa: PLC0415  # likewise
    from holdspace.vault import keyfile  # noqa: PLC0415  # likewise
    from holdspace.vault.keys import ring  # noqa: PLC0415  # likewise

    taken, lists = list[float](), list[float]()
    for _ in range(UNLOCKED):
        connection.close()
        ring.clear()
        began = time.perf_counter()
        opening.unlock(PASSPHRASE)
        taken.append(time.perf_counter() - began)
        lists.append(_timed(browser, clients)[0])
    began = time.perf_counter()
    keyfile.opened(settings.CONFIG.home, PASSPHRASE)
    return {
        "first": taken[0],
        "median": median(taken),
        "argon2": time.perf_counter() - began,
        "parameters": f"{keyfile.MEMORY_KIB // 1024} MiB, {keyfile.ROUNDS} rounds, {keyfile.LANES} lanes",
        "list": median(lists),
    }


if __name__ == "__main__":
    if sys.argv[1:2] in ([OWN], [NONE]):
        serve(sys.argv[1], *(int(word) for word in sys.argv[2:4]))
    else:
        given = [int(word) for word in sys.argv[1:]]
        main(*(given + [60, 300, 3000][len(given) :]))
