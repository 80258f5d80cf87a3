"""Every parser of the house, with texts it is meant to read. Each takes bytes and answers, or raises our error."""

import io
import json
import wave
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from tempfile import gettempdir  # noqa: TID251  # a folder for formats and key files of nobody
from typing import Any
from zlib import crc32

import av
import numpy as np
from evaluation.fuzz import of_the_house as house

from holdspace.access.spoken_code import as_read, plain_code
from holdspace.audit import heads
from holdspace.chart.forms import AddendumForm, AddForm, AnswerForm, SentenceForm, SignForm
from holdspace.consent.asking import _number as consent_number
from holdspace.consent.forms import (
    AuthorizationForm,
    BirthForm,
    DisclosureForm,
    OwnWordsForm,
    PlaceForm,
    WindowForm,
)
from holdspace.consent.rules import Version, participants, people
from holdspace.engines.drafting.format import load_format_file
from holdspace.engines.drafting.session_file import read_session
from holdspace.engines.language.answer import answer
from holdspace.engines.speech.decode import decode
from holdspace.engines.speech.kinds import reader_of
from holdspace.engines.speech.recogniser_http import HttpRecogniser
from holdspace.outside.forms import HostForm
from holdspace.people.forms import (
    ClientForm,
    CodeForm,
    DoorsForm,
    EmergencyForm,
    JoinForm,
    NewPasswordForm,
    SignInForm,
)
from holdspace.people.rules import matches
from holdspace.room import live_audio
from holdspace.room.views.capture import _number as second_number
from holdspace.room.views.capture import _token
from holdspace.safekeeping.forms import HoldForm, KeptForm
from holdspace.schedule.forms import BookingForm
from holdspace.ui.http import whole_number
from holdspace.ui.uploads import is_words
from holdspace.vault import keyfile
from holdspace.vault.home import KEYFILE
from holdspace.web.bodies import _length
from holdspace.web.config import Config


@dataclass(frozen=True, slots=True)
class Parser:
    """What reads, and what it is meant to read."""

    name: str
    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]


def text(data: bytes) -> str:
    """As a browser's form hands it over."""
    return data.decode("utf-8", "replace")


def fields(data: bytes, names: tuple[str, ...]) -> dict[str, str]:
    """One part of the input for each field, in turn."""
    parts = text(data).split("|")
    return {name: parts[n % len(parts)] for n, name in enumerate(names)}


def form(made: Any, names: tuple[str, ...]) -> Callable[[bytes], object]:
    """A form of the pages."""

    def read(data: bytes) -> object:
        filled = made(fields(data, names))
        return filled.is_valid() and filled.cleaned_data

    return read


def names(data: bytes) -> object:
    """Who comes along, and a search for them."""
    written = text(data)
    found = participants(written), people(written[:50], date(2010, 2, 28), written, {})
    return found, matches(written, written[:20])


def numbers(data: bytes) -> object:
    """Every number a page sends."""
    written = text(data)
    Version.read(written)
    scope = {"headers": [(b"content-length", data)]}
    found = [whole_number(written), _length(scope)]
    for one in (second_number, _token, lambda given: consent_number({"who": given})):
        found.append(_or_error(one, written))
    return found


def _or_error(read: Callable[[Any], Any], given: Any) -> Any:
    from holdspace.errors import HoldspaceError  # noqa: PLC0415

    try:
        return read(given)
    except HoldspaceError as error:
        return error.code


def second_of_sound(data: bytes) -> object:
    """A second on its way: its number, its checksum, its samples."""
    live_audio.open_line(7, heard=0)
    try:
        return live_audio.put(7, len(data) % 3, data, checksum=crc32(data) ^ (len(data) % 2), mode="room")
    finally:
        live_audio.close_line(7)


def codes(data: bytes) -> object:
    """A code as somebody types it."""
    return as_read(plain_code(text(data)))


def recovery_key(data: bytes) -> object:
    """A recovery key as somebody types it; its stretching is left out."""
    return keyfile._letters(text(data))


def _folder() -> Path:
    folder = Path(gettempdir()) / "holdspace-fuzz"
    folder.mkdir(exist_ok=True)
    return folder


def key_file(data: bytes) -> object:
    """The key file, up to its stretching."""
    (_folder() / KEYFILE).write_bytes(data)
    return keyfile.has_recovery(_folder())


def note_format(data: bytes) -> object:
    """A practice's own format."""
    file = _folder() / "format.yaml"
    file.write_bytes(data)
    return load_format_file(file)


def log_heads(data: bytes) -> object:
    """Lines that pin the log."""
    return heads.read(text(data).splitlines())


def configuration(data: bytes) -> object:
    """The environment, and the description of the database that follows from it."""
    pairs = [line.partition("=") for line in text(data).splitlines()]
    return Config.from_environ({name: value for name, _, value in pairs}).database()


def speech_answer(data: bytes) -> object:
    """What a speech server answers."""
    return HttpRecogniser(lambda _url, _body: data, "http://127.0.0.1:1", "m").hear(
        np.zeros(1600, dtype=np.float32), vocabulary=()
    )


def language_answer(data: bytes) -> object:
    """What a language server answers, once it is JSON."""
    try:
        reply = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return answer(reply)


def kinds(data: bytes) -> object:
    """What a file is."""
    return reader_of(data), is_words(data)


def sound(codec: str, container: str) -> bytes:
    """A tenth of a second."""
    stream = io.BytesIO()
    with av.open(stream, "w", format=container) as file:
        track: Any = file.add_stream(codec, rate=16_000, layout="mono")
        samples = (np.sin(np.arange(4_800) / 9) * 9_000).astype(np.int16).reshape(1, -1)
        for start in range(0, 4_800, 480):
            frame = av.AudioFrame.from_ndarray(samples[:, start : start + 480], format="s16", layout="mono")
            frame.sample_rate, frame.pts = 16_000, start
            file.mux(track.encode(frame))
        file.mux(track.encode(None))
    return stream.getvalue()


def wav() -> bytes:
    """A tenth of a second, plain."""
    stream = io.BytesIO()
    with wave.open(stream, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(16_000)
        file.writeframes(bytes(range(256)) * 25)
    return stream.getvalue()


VTT = (
    b"WEBVTT\n\n1\n00:00:01.000 --> 00:00:04.500\n<v Therapist>How was the week?\n\n"
    b"00:05.000 --> 00:06.000\n<v.loud Client>Five hours.\n"
)
PLAIN = (
    "Therapist: How was the week?\n[00:12] Client: Five hours’ sleep.\nand less\nDr. Smith: Mm.\n".encode()
)
SESSION = json.dumps(
    {
        "turns": [
            {"i": 0, "speaker": "T", "text": "How?", "t0": 0.5, "t1": 1},
            {"speaker": "Ann", "text": "Well."},
        ],
        "participants": [{"role": "client", "name": "Ann Lee"}, "mother"],
        "clinician": {"name": "Maya", "credential": "LCSW"},
        "client": {"name": "Ann", "former_names": ["Al"]},
        "service": {"date": "2026-11-10", "start": "10:00"},
        "diagnoses": [{"code": "F41.1", "name": "GAD"}],
        "treatment_plan": {
            "goals": [
                {"id": "1", "text": "Sleep", "objectives": [{"id": "1.1", "text": "x", "measure": "y"}]}
            ]
        },
        "off_record": [{"first_turn": 0, "last_turn": 1}],
        "jottings": "x",
        "note_format": "DAP",
        "language": "en",
    }
).encode()
HEARD = json.dumps(
    {
        "text": "a b",
        "language": "english",
        "words": [
            {"word": "a", "start": 0.0, "end": 0.4},
            {"word": "b", "start": 0.5, "end": 1, "probability": 0.4},
        ],
        "segments": [{"start": 0, "end": 1, "avg_logprob": -0.2}],
    }
).encode()
SAID = json.dumps({"choices": [{"finish_reason": "stop", "message": {"content": "x"}}]}).encode()
FAILED = json.dumps({"error": {"type": "exceed_context_size_error", "message": "y"}}).encode()
LOCK = {
    "derivation": {"name": "argon2id", "memory_kib": 131072, "rounds": 3, "lanes": 4},
    "salt": "AAAA",
    "sealed": "AAAA",
}
HEAD = f"holdspace-log 12 {'a' * 64} {datetime(2026, 11, 24, tzinfo=UTC).isoformat()} c2lnbmF0dXJl\n".encode()
FORMAT = (Path(keyfile.__file__).parents[1] / "engines/drafting/formats/dap.yaml").read_bytes()
ENVIRONMENT = b"HOLDSPACE_HOME=/x\nHOLDSPACE_HTTPS=1\nHOLDSPACE_ALLOWED_HOSTS=a, b\nDATABASE_URL=postgresql://u:p%40@h:5432/d?sslmode=require\nSPEECH_URL=http://127.0.0.1:1\n"

PARSERS = (
    Parser("session file", lambda data: read_session(data, "x.json"), (SESSION, b'{"turns": []}', b"[]")),
    Parser("WebVTT", lambda data: read_session(data, ""), (VTT,)),
    Parser("plain transcript", lambda data: read_session(data, ""), (PLAIN,)),
    Parser(
        "booking",
        form(BookingForm, ("day", "start", "minutes", "setting", "modality")),
        (b"2026-11-10|10:30|50|office|individual",),
    ),
    Parser(
        "birth", form(BirthForm, ("participant", "born")), (b"child: Kim|2015-02-28", "x|٢٠١٥-01-01".encode())
    ),
    Parser("state", form(PlaceForm, ("state",)), (b"NY", b"ca")),
    Parser(
        "client",
        form(ClientForm, ("name", "pronouns", "birth_date", "others")),
        ("Ruth Abel|she/her|1980-02-03|partner: Amara Okáfor".encode(),),
    ),
    Parser("sign-in", form(SignInForm, ("username", "password")), (b"maya|correct horse",)),
    Parser(
        "note",
        lambda data: [
            form(one, ("text", "section", "credential"))(data)
            for one in (SentenceForm, AddForm, AnswerForm, SignForm, AddendumForm, OwnWordsForm)
        ],
        (b"She slept.|Data|LCSW",),
    ),
    Parser("names", names, (b"partner: Amara Okafor\nchild: Kim\nchild: Lee\n",)),
    Parser("numbers", numbers, (b"12", b"4294967295", "²".encode(), b"1.2", b"a-b_c")),
    Parser(
        "sound",
        decode,
        (
            wav(),
            sound("libopus", "ogg"),
            sound("flac", "flac"),
            sound("libmp3lame", "mp3"),
            sound("aac", "mp4"),
            sound("libopus", "webm"),
            sound("aac", "adts"),
            sound("pcm_s16be", "aiff"),
            sound("pcm_s16le", "caf"),
            sound("pcm_s16le", "w64"),
        ),
    ),
    Parser("second of sound", second_of_sound, (bytes(32_000), b"\1\2" * 16_000)),
    Parser("kind of file", kinds, (wav()[:64], VTT, b"PK\3\4", b"ID3\4\0\0\0\0\0\x7f" + bytes(20))),
    Parser("code", codes, (b"ABCD 2345", b"abcd2345")),
    Parser("recovery key", recovery_key, (b"0123-4567-89AB-CDEF-GHJK-MNPQ-RSTV-WXYZ-0123",)),
    Parser(
        "key file",
        key_file,
        (
            json.dumps({"version": 2, "locks": {"passphrase": LOCK, "recovery": LOCK}}).encode(),
            json.dumps({"version": 1, **LOCK}).encode(),
        ),
    ),
    Parser("log heads", log_heads, (HEAD * 3,)),
    Parser("note format", note_format, (FORMAT,)),
    Parser(
        "configuration", configuration, (ENVIRONMENT, b"HOLDSPACE_HTTPS=2\n", b"DATABASE_URL=mysql://x\n")
    ),
    Parser("speech server's answer", speech_answer, (HEARD,)),
    Parser("language server's answer", language_answer, (SAID, FAILED)),
    Parser(
        "what is typed at the door",
        house.typed((CodeForm, JoinForm, NewPasswordForm, DoorsForm, EmergencyForm, house.member)),
        (b"123456|nine quiet herons|2015-02-28", b"Ruth Abel|1980-02-03|She called in crisis, Maya is away."),
    ),
    Parser(
        "what is typed of what leaves",
        house.typed(
            (HostForm, HoldForm, KeptForm, AuthorizationForm, WindowForm, house.of_nobody(DisclosureForm))
        ),
        (b"api.example.com:8443|model server|Wording|on||on|Lee|BAA|2026-11-10", b"7|30|24|6|0|14|30"),
    ),
    Parser("host", house.host, (b"api.example.com:8443", "https://exämple.com/x".encode(), b"[::1]:80")),
    Parser("passkey", house.passkey, (house.PASSKEY,)),
    Parser("codes and times", house.codes, (b"123456", b"ABCD-2345-EFGH-6789", b"2026-11-10T10:00:00Z")),
    Parser(
        "list of what was destroyed",
        lambda data: house.destroyed(data, _folder()),
        (house.LISTED, house.LINE.encode()),
    ),
    Parser("journal of a rotation", lambda data: house.journal(data, _folder()), (house.JOURNAL,)),
    Parser(
        "key service's answer", house.key_service, (b'{"data": {"plaintext": "AAAA"}}', b'{"errors": []}')
    ),
    Parser("backup", house.backup, (house.a_backup(_folder()),)),
)
