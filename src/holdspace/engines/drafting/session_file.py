"""Read a session from a file: our JSON, WebVTT, or plain "Name: words" text. What is not one is refused
with the reason.

The `gold` part of an evaluation file is not looked at.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from holdspace.engines.drafting.session import Goal, Objective, Person, Service, SessionInput
from holdspace.engines.transcript import CLIENT, THERAPIST, OffRecordSpan, Turn
from holdspace.errors import NotASession

Json: TypeAlias = Mapping[str, object]

LARGEST_BYTES = 5_000_000
"""Three hours of speech are under 1 MB; far more is not a transcript."""
LONGEST_S = 24 * 3600.0
"""Seconds into a session that a turn may stand at; beyond, or not a number at all, nothing is known of its time."""
_AS_THERAPIST = frozenset(
    [
        "therapist",
        "clinician",
        "counselor",
        "counsellor",
        "psychologist",
        "t",
        "th",
        "ther",
        "provider",
        "doctor",
        "dr",
        "interviewer",
        "co-therapist",
    ]
)
_AS_CLIENT = frozenset(["client", "patient", "c", "cl", "pt", "p", "ct", "interviewee"])
_CUE = re.compile(
    r"^(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{3})\s+-->\s+(?:(\d{1,3}):)?(\d{1,2}):(\d{2})[.,](\d{3})",
    re.ASCII,
)
_LABELLED = re.compile(
    r"^\s*(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?\s*)?([A-Za-z][\w .'’()-]{0,38}?)\s*:\s+(\S.*)$"
)
_THEN = "Give a session file (JSON), a WebVTT transcript, or text with “Therapist: …” and “Client: …” lines."


def read_session(data: bytes, name: str) -> SessionInput:
    """Read a session of any of the three kinds; `name` is the file's name and only its ending matters."""
    if len(data) > LARGEST_BYTES:
        raise NotASession("The file is far larger than a transcript.", then=_THEN)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise NotASession("The file is not text.", then=_THEN) from None
    if not text.strip():
        raise NotASession("The file is empty.", then=_THEN)
    if name.lower().endswith(".json") or text.lstrip()[:1] in "{[":
        return _from_json(text)
    if text.lstrip().startswith("WEBVTT"):
        return _bare(_from_vtt(text))
    return _bare(_from_text(text))


def _bare(turns: tuple[Turn, ...]) -> SessionInput:
    return SessionInput(turns=turns, clinician=Person(THERAPIST, ""), client=Person(CLIENT, ""))


def _from_json(text: str) -> SessionInput:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):  # a number of ten thousand digits is a ValueError too
        raise NotASession("The JSON is damaged.", then=_THEN) from None
    document = _mapping(found)
    if not document:
        raise NotASession("The JSON is not an object with turns.", then=_THEN)
    people = _participants(document)
    roles = {p.name.lower(): p.role for p in people if p.name} | {
        p.name.split()[0].lower(): p.role for p in people if p.name
    }
    turns = _turns(document.get("turns"), roles)
    return SessionInput(
        turns=turns,
        clinician=_person(document.get("clinician"), THERAPIST),
        client=_person(document.get("client"), CLIENT),
        participants=people,
        service=_service(_mapping(document.get("service"))),
        diagnoses=tuple(_diagnosis(d) for d in _items(document.get("diagnoses"))),
        goals=tuple(
            _goal(_mapping(g)) for g in _items(_mapping(document.get("treatment_plan")).get("goals"))
        ),
        jottings=_text(document.get("jottings")),
        prior_note=_text(document.get("prior_note")),
        signed_notes=tuple(_text(n) for n in _items(document.get("voice_samples")) if _text(n)),
        former_names=_former_names(document),
        off_record=tuple(_spans(document.get("off_record"))),
        note_format=_text(document.get("note_format")) or "SOAP",
        language=_text(document.get("language")),
    )


def _mapping(value: object) -> Json:
    return value if isinstance(value, dict) else {}


def _items(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _number(value: object) -> float:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return float(value) if is_number and 0 <= value <= LONGEST_S else 0.0  # type: ignore[operator, arg-type]  # looked at


def _turns(value: object, roles: Mapping[str, str]) -> tuple[Turn, ...]:
    if not isinstance(value, list):
        raise NotASession("The session has no turns.", then=_THEN)
    turns = []
    for place, item in enumerate(value):
        turn = _mapping(item)
        if not turn or not isinstance(turn.get("text"), str):
            raise NotASession(f"Turn {place + 1} has no text.", then=_THEN)
        index = turn.get("i", turn.get("index", place))
        number = index if isinstance(index, int) and not isinstance(index, bool) else place
        start = _number(turn.get("t0", turn.get("start_s")))
        end = _number(turn.get("t1", turn.get("end_s")))
        turns.append(
            Turn(number, speaker_label(_text(turn.get("speaker")), roles), _text(turn["text"]), start, end)
        )
    if not turns:
        raise NotASession("The session has no turns.", then=_THEN)
    if len({t.index for t in turns}) != len(turns):
        turns = [Turn(n, t.speaker, t.text, t.start_s, t.end_s) for n, t in enumerate(turns)]
    return tuple(turns)


def speaker_label(said: str, roles: Mapping[str, str]) -> str:
    """The role behind a label: `T`, `Dr. Smith` in the roles, a participant's name; unknown labels stay as
    they are.
    """
    low = said.lower().strip(" .:")
    if low in roles:
        return roles[low]
    first = low.split()[0] if low else ""
    if low in _AS_THERAPIST or first in _AS_THERAPIST:
        return THERAPIST
    if low in _AS_CLIENT:
        return CLIENT
    return low or "unknown"


def _participants(document: Json) -> tuple[Person, ...]:
    people = [_participant(_mapping(item), item) for item in _items(document.get("participants"))]
    return tuple(p for p in people if p.role or p.name)


def _participant(item: Json, raw: object) -> Person:
    if isinstance(raw, str):
        return Person(raw.lower(), raw)
    label = (
        _text(item.get("speaker"))
        or _text(item.get("label"))
        or _text(item.get("role"))
        or _text(item.get("id"))
        or _text(item.get("relation"))
    )
    name = _text(item.get("name"))
    role = speaker_label(label, {}) if label else name.lower()
    return Person(role, name, _text(item.get("pronouns")), _text(item.get("credential")))


def _person(value: object, role: str) -> Person:
    item = _mapping(value)
    return Person(role, _text(item.get("name")), _text(item.get("pronouns")), _text(item.get("credential")))


def _former_names(document: Json) -> tuple[str, ...]:
    names: list[str] = []
    for holder in (document, _mapping(document.get("client"))):
        for key in (
            "former_names",
            "former_name",
            "previous_names",
            "deadname",
            "dead_name",
            "birth_name",
            "legal_name",
        ):
            value = holder.get(key)
            names += [_text(n) for n in value] if isinstance(value, list) else [_text(value)]
    return tuple(dict.fromkeys(n for n in names if n))


def _service(item: Json) -> Service:
    modality = _text(item.get("modality")) or "individual"
    return Service(
        _text(item.get("date")),
        _text(item.get("start")),
        _text(item.get("end")),
        _text(item.get("setting")),
        modality,
        _text(item.get("cpt")),
    )


def _diagnosis(value: object) -> str:
    item = _mapping(value)
    return _text(value) or " ".join(
        part for part in (_text(item.get("code")), _text(item.get("name"))) if part
    )


def _goal(item: Json) -> Goal:
    objectives = tuple(
        Objective(_text(o.get("id")), _text(o.get("text")), _text(o.get("measure")))
        for o in (_mapping(x) for x in _items(item.get("objectives")))
    )
    return Goal(_text(item.get("id")), _text(item.get("text")), objectives)


def _spans(value: object) -> list[OffRecordSpan]:
    spans = []
    for item in (_mapping(x) for x in _items(value)):
        first, last = item.get("first_turn"), item.get("last_turn")
        if isinstance(first, int) and isinstance(last, int):
            spans.append(OffRecordSpan(first, last))
    return spans


def _from_vtt(text: str) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n")):
        lines = block.strip().split("\n")
        at = next((n for n, line in enumerate(lines) if _CUE.match(line.strip())), None)
        if at is None or not lines[at + 1 :]:
            continue
        cue = _CUE.match(lines[at].strip())
        assert cue is not None
        speaker, said = _voice(" ".join(lines[at + 1 :]))
        turns.append(Turn(len(turns), speaker, said, _seconds(cue.groups()[:4]), _seconds(cue.groups()[4:])))
    if not turns:
        raise NotASession("The WebVTT file has no cues.", then=_THEN)
    return _joined(turns)


def _voice(cue: str) -> tuple[str, str]:
    tagged = re.match(r"<v(?:\.\w+)*\s+([^>]+)>(.*)", cue)
    plain = re.sub(r"<[^>]+>", "", tagged.group(2) if tagged else cue).strip()
    if tagged:
        return speaker_label(tagged.group(1), {}), plain
    named = _LABELLED.match(plain)
    return (speaker_label(named.group(1), {}), named.group(2)) if named else ("unknown", plain)


def _seconds(parts: Sequence[str | None]) -> float:
    hours, minutes, seconds, millis = (int(p or 0) for p in parts)
    return _number(hours * 3600 + minutes * 60 + seconds + millis / 1000)


def _joined(turns: list[Turn]) -> tuple[Turn, ...]:
    """Captions cut a turn into pieces; neighbours of one speaker are one turn again."""
    whole: list[tuple[Turn, list[str]]] = []
    for turn in turns:
        if whole and whole[-1][0].speaker == turn.speaker and turn.speaker != "unknown":
            first, texts = whole[-1]
            texts.append(turn.text)
            whole[-1] = replace(first, end_s=turn.end_s), texts
        else:
            whole.append((turn, [turn.text]))
    return tuple(
        replace(turn, index=number, text=" ".join(texts)) for number, (turn, texts) in enumerate(whole)
    )


def _from_text(text: str) -> tuple[Turn, ...]:
    turns: list[tuple[str, list[str]]] = []
    for line in text.splitlines():
        named = _LABELLED.match(line)
        if named:
            turns.append((speaker_label(named.group(1), {}), [named.group(2).strip()]))
        elif line.strip():
            if not turns:
                turns.append(("unknown", []))
            turns[-1][1].append(line.strip())
    return _joined([Turn(n, speaker, " ".join(lines)) for n, (speaker, lines) in enumerate(turns)])
