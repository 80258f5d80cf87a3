"""Without signing in there is only the door, whatever address is asked for."""

from holdspace.proof.browser import Answer, Browser
from holdspace.proof.promise import Promise, Seen, demand
from holdspace.proof.routes import addresses
from holdspace.proof.spoken import ALONE, CLINICAL, TOGETHER
from holdspace.proof.trial import Trial
from holdspace.proof.undone import undone

PROMISE = Promise(
    number="4.12",
    says="Without signing in nobody reads or does anything: there is only the door.",
    tried="Every address there is was asked for and sent to by a browser nobody is signed in with, with the "
    "numbers of the trial’s own records.",
    red="Pages open to whoever can reach this machine. Take it off the network until this is mended, and "
    "look through the log.",
)
DOORS = frozenset(
    {"sign_in", "unlock", "set_up", "recover", "join", "join_with", "second", "passkey", "show_passkey"}
)
"""Pages that are there to come in by."""
AWAY = frozenset({301, 302, 303, 307, 403, 404, 405, 409, 413, 422, 423, 429})


def try_now(trial: Trial) -> Seen:
    """Ask for everything as nobody."""
    pages = addresses(trial)
    opened: set[str] = set()
    for name, path in pages.items():
        stranger = Browser()
        with (
            undone()
        ):  # a stranger’s cookie is about nobody, so nobody could tell afterwards that it was the trial’s
            answers = stranger.get(path), stranger.post(path)
        for answer in answers:
            demand(not _words(answer), f"{name} tells a stranger about the trial’s client.")
            if answer.status not in AWAY:
                opened.add(name)
    strange = {name for name in opened if not _is_a_door(name)}
    demand(not strange, *(f"{name} opens to whoever asks." for name in sorted(strange)))
    return (
        f"{len(pages)} addresses were asked for and sent to; {len(opened)} are doors, the others led to signing in.",
    )


def _is_a_door(name: str) -> bool:
    """Pages to come in by, and the client's own, which lead nowhere without a session's code."""
    space, _, page = name.partition(":")
    return (space == "people" and page in DOORS) or (
        space == "room" and page.startswith(("client_", "with_client"))
    )


def _words(answer: Answer) -> bool:
    return any(word.lower() in answer.text.lower() for word in (*CLINICAL, ALONE, TOGETHER))
