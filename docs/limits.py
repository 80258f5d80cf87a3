"""The page of limits: what may be sent and how often, from `web/limits.py` and the modules that keep their own."""

from datetime import timedelta

from holdspace.access.spoken_code import CODE_LENGTH
from holdspace.chart.forms import AddendumForm, SentenceForm
from holdspace.consent.forms import OwnWordsForm
from holdspace.engines.drafting.session_file import LARGEST_BYTES
from holdspace.engines.speech.decode import LONGEST_HOURS, MOST_CHANNELS, RATES
from holdspace.engines.speech.kinds import AUDIO_FORMATS
from holdspace.people.rules import (
    CODE_DAYS, COMING_IN, EMERGENCY, FORGOTTEN, FRESH, LEAST_IDLE_MINUTES, LIFETIME, LONGEST_NAME, LONGEST_PAUSE_S, MOST_IDLE_MINUTES,
    MOST_TRIES_OF_A_CODE, TRIES_BEFORE_PAUSE, USUAL_IDLE_MINUTES,
)  # fmt: skip
from holdspace.room import live_audio, waiting_audio
from holdspace.room.rules import LONGEST_DICTATION_S, LONGEST_S
from holdspace.schedule.forms import FIRST_DAY, LAST_DAY
from holdspace.ui.uploads import LARGEST
from holdspace.web import limits as web
from holdspace.web.bodies import PATIENCE_S
from holdspace.web.server import HEAD_S, MOST_AT_ONCE

MADE = "<!-- Written by `make docs`; edit the code, not this page. -->"


def limits() -> str:
    """Everything that is bounded, with its bound."""
    return (
        "\n\n".join(
            ["# Limits", MADE, _lead(), *_sent(), *_often(), *_lasting(), *_typed(), *_costly(), *_packages()]
        )
        + "\n"
    )


def _lead() -> str:
    return (
        "What may be sent, how often, and what is done with what is wrong. Whatever goes over a bound gets an answer that says so and that nothing was kept; "
        "nobody is locked out for good. Every check is at the server; what a page checks besides is a courtesy."
    )


def _sent() -> list[str]:
    rows = [f"| `{route}` | {_size(most)} |" for route, most in sorted(web.BODIES.items())]
    sound = (
        f"**Recordings**: {AUDIO_FORMATS}, known by their first bytes and never by their name; up to {_size(LARGEST)} and {LONGEST_HOURS} hours unpacked, 1 to "
        f"{MOST_CHANNELS} channels, {RATES.start} to {RATES.stop - 1} samples a second. Heard in memory, never kept, never served to anyone. Anything else is refused before it waits.\n\n"
        f"**Transcripts**: WebVTT, a session file (JSON), plain text; UTF-8, up to {LARGEST_BYTES // 1_000_000} MB. Times beyond a day are taken for unknown.\n\n"
        f"**Waiting to be heard**, all recordings together: {_size(waiting_audio.MOST_BYTES)}. **Live**: {live_audio.MOST_WAITING} seconds behind, then the page is asked to wait."
    )
    table = "\n".join(
        [
            "| address | at most |",
            "|---|---|",
            *rows,
            f"| any other | {_size(web.ANY_BODY)} |",
            f"| from a browser nobody is signed in with | {_size(web.UNKNOWN_BODY)} |",
        ]
    )
    return [
        "## What may be sent", table, sound,
        f"{web.MOST_LARGE} large bodies are read at the same time. A head may take {HEAD_S:.0f} s, and {PATIENCE_S:.0f} s may pass between two pieces of a body; "
        f"{MOST_AT_ONCE} connections are open at once.",
    ]  # fmt: skip


def _often() -> list[str]:
    rows = [f"| {rate.what} | {rate.most} in {rate.every_s:.0f} s |" for rate in (*web.RATES, web.ANYTHING)]
    return [
        "## How often", "By one person, or by one address where nobody is signed in. Counted in each process on its own. A session's sound is never told to wait. What a client asks for with a right code to stop, a pause or a yes taken back, is done at once whatever was tried before; over the count only the answer waits: it is the one a wrong code gets, and says so.",
        "\n".join(["| what | at most |", "|---|---|", *rows]),
        f"**Wrong passwords**: after {TRIES_BEFORE_PAUSE} in a row a name rests half a minute, then twice as long each time, up to {LONGEST_PAUSE_S // 60} minutes; the right one afterwards "
        f"sets it back to nothing. **Wrong passphrases**: 10 a minute, each taking most of a second. **Wrong codes of a session** ({CODE_LENGTH} letters, 39 bits): 30 a minute from one "
        "address, 600 from everywhere. **Wrong codes of an app**: after 17 in a row one a day, and after "
        f"{MOST_TRIES_OF_A_CODE} the app opens nothing until another way did; passkeys and recovery codes go on. **Wrong joining codes**: 30 a minute. At a browser she has used "
        "before, strangers' wrong tries do not count. None of these ends in a lock that only somebody else can open.",
    ]  # fmt: skip


def _lasting() -> list[str]:
    return [
        "## How long a sign-in lasts",
        "\n".join(
            [
                f"- A screen nobody touches locks itself after {USUAL_IDLE_MINUTES} minutes; the owner may say {LEAST_IDLE_MINUTES} to {MOST_IDLE_MINUTES} (*Practice, Members*).",
                f"- After {_hours(LIFETIME)} hours all of who she is is asked again, whatever she did meanwhile; after {_hours(FORGOTTEN)} without that the sign-in is over.",
                f"- For what is sensitive (the key, members, second factors, an emergency) she proves who she is unless she did so in the last {_minutes(FRESH)} minutes.",
                f"- Between a right password and the second factor: {_minutes(COMING_IN)} minutes. A joining code: {CODE_DAYS} days, once. A record opened in an emergency: {_minutes(EMERGENCY)} minutes.",
                "- One person may be signed in at several browsers at once: as many as she likes, each listed on *You* with its browser and its last use, each ended there; the owner sees and ends everybody's.",
                "- A changed password, role or second factor, or closed access, ends or renews the other sign-ins at once.",
            ]
        ),
    ]


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def _hours(span: timedelta) -> int:
    return _minutes(span) // 60


def _typed() -> list[str]:
    sentence, addendum, own = (form().fields["text"] for form in (SentenceForm, AddendumForm, OwnWordsForm))
    return [
        "## What may be typed",
        "\n".join(
            [
                f"- Names: up to {LONGEST_NAME} letters. Any letters of any script.",
                f"- A sentence or an answer: {_most(sentence)} letters; an addendum {_most(addendum)}; what a practice adds to a consent {_most(own)}.",
                f"- Days: {FIRST_DAY:%Y} to {LAST_DAY:%Y}. A birth: not after today. An appointment: 10 to 240 minutes, and it ends after it begins.",
                "- A record named in a form belongs to the record named in the address; a session named in an answer belongs to that client.",
                "- A draft is reviewed before it is signed; a question is answered or set aside before that; a signed note only gains addenda.",
                "- Passwords: 12 letters and more, any of them, none of the commonest. They do not expire. Without the words somebody near would try (the practice's name, one's own, the sign-in name, Holdspace) 8 letters must be left.",
            ]
        ),
    ]


def _most(field: object) -> int:
    return int(getattr(field, "max_length", 0) or 0)


def _costly() -> list[str]:
    return [
        "## What is slow or costly",
        f"Hearing and drafting are done by workers, one at a time each, from rows that wait; a page never waits for them. A session is heard for {LONGEST_S // 3600} hours at most, a dictation for "
        f"{LONGEST_DICTATION_S // 60} minutes. Checking the whole log takes seconds for a million entries. A PDF takes a tenth of a second. Opening the practice takes most of a second on purpose.",
    ]


def _packages() -> list[str]:
    return [
        "## Faults in packages",
        "`make audit` asks the public list about every package of `requirements.lock`, and says so when it could not ask. A fault that can be reached from outside is mended in 7 days, "
        "any other serious one in 30, the rest with the next release; all packages are brought up to date every three months.",
    ]


def _size(size: int) -> str:
    return f"{size // web.MIB} MB" if size >= web.MIB else f"{size // web.KIB} KB"
