"""Which dialogues there are, who speaks in them with which voice, and what is said.

What is said comes from fictional sessions. A session for two is dealt to three or four where `dealt` says so: a turn
goes to one of the people named, and a long one is finished by another of them. Of other long turns half are
interrupted by a listener's "Uh-huh.".
"""

import json
import random
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

SESSIONS = Path(__file__).parents[1] / "sessions" / "build"
LISTENING = ("Uh-huh.", "Yeah.", "Okay.", "Right.", "Uh-huh.", "Oh.")
"""No "Mm-hm.": no synthesiser says it so that people would know it."""
INTERRUPTED = 0.5
LONG_WORDS = 14

THERAPIST, CLIENT, PARTNER, DAUGHTER = "therapist", "client", "partner", "daughter"


@dataclass(frozen=True, slots=True)
class Said:
    """A turn as it will be voiced; `listening` is a word thrown in while another speaks."""

    speaker: str
    text: str
    listening: bool = False


@dataclass(frozen=True, slots=True)
class Dialogue:
    """A dialogue to render: its session, each person's voice, how many seconds it goes on for at least."""

    name: str
    session: str
    voices: Mapping[str, str]
    seconds: float = 190.0
    dealt: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


DIALOGUES = (
    Dialogue("two-woman-man", "b01-pain-act", {THERAPIST: "kokoro/jf_alpha", CLIENT: "piper/joe"}),
    Dialogue("two-man-woman", "b02-social-anxiety", {THERAPIST: "flite/rms", CLIENT: "kokoro/jf_nezumi"}),
    Dialogue("two-women", "b03-bipolar-ii", {THERAPIST: "kokoro/jf_gongitsune", CLIENT: "flite/slt"}),
    Dialogue(
        "two-women-alike", "b05-insomnia-cbti", {THERAPIST: "kokoro/jf_tebukuro", CLIENT: "kokoro/jf_alpha"}
    ),
    Dialogue("two-men", "b07-adhd-work", {THERAPIST: "kokoro/jm_kumo", CLIENT: "piper/joe"}),
    Dialogue("two-men-alike", "b13-alcohol-relapse", {THERAPIST: "flite/awb", CLIENT: "flite/rms"}),
    Dialogue(
        "three-family",
        "b10-latelife-daughter",
        {THERAPIST: "kokoro/jf_nezumi", CLIENT: "piper/joe", DAUGHTER: "flite/slt"},
    ),
    Dialogue(
        "three-couple",
        "b14-first-gen-panic",
        {THERAPIST: "flite/rms", CLIENT: "kokoro/jf_tebukuro", PARTNER: "kokoro/jm_kumo"},
        dealt={CLIENT: (CLIENT, PARTNER)},
    ),
    Dialogue(
        "four-family",
        "b08-grief-overdose",
        {
            THERAPIST: "kokoro/jf_alpha",
            CLIENT: "kokoro/jm_kumo",
            PARTNER: "flite/slt",
            DAUGHTER: "kokoro/jf_gongitsune",
        },
        seconds=240.0,
        dealt={CLIENT: (CLIENT, PARTNER, DAUGHTER)},
    ),
    Dialogue(
        "build-women",
        "b04-suicide-safety-plan",
        {THERAPIST: "kokoro/jf_gongitsune", CLIENT: "kokoro/jf_nezumi"},
    ),
    Dialogue("build-men", "b06-ipv-disclosure", {THERAPIST: "flite/awb", CLIENT: "kokoro/jm_kumo"}),
    Dialogue(
        "build-three",
        "b04-suicide-safety-plan",
        {THERAPIST: "flite/rms", CLIENT: "kokoro/jf_alpha", PARTNER: "piper/joe"},
        dealt={CLIENT: (CLIENT, PARTNER)},
    ),
    Dialogue(
        "build-four",
        "b06-ipv-disclosure",
        {
            THERAPIST: "kokoro/jf_tebukuro",
            CLIENT: "flite/awb",
            PARTNER: "flite/slt",
            DAUGHTER: "kokoro/jm_kumo",
        },
        seconds=240.0,
        dealt={CLIENT: (CLIENT, PARTNER, DAUGHTER)},
    ),
    Dialogue("long", "b12-ocd-erp", {THERAPIST: "flite/slt", CLIENT: "piper/joe"}, seconds=3000.0),
)

ENROLMENT = "b11-trans-workplace"
"""The session whose therapist's words every therapist reads to enrol; no dialogue uses it."""
FURTHER = "b09-health-anxiety"
"""What is said after a session that ends too early."""


def turns_of(session: str) -> Iterator[tuple[str, str]]:
    """Speaker and text of a session's turns, without what stands in brackets."""
    for turn in json.loads((SESSIONS / f"{session}.json").read_text())["turns"]:
        text = re.sub(r"\[[^\]]*\]", " ", turn["text"]).replace("—", ", ").replace('"', "")
        text = re.sub(r"\s+([,.!?])", r"\1", " ".join(text.split()))
        if re.search(r"\w", text):
            yield turn["speaker"], text


def said_in(dialogue: Dialogue, chance: random.Random) -> Iterator[Said]:
    """All that could be said; the renderer stops when the dialogue is long enough."""
    for session in (dialogue.session, FURTHER):
        for speaker, text in turns_of(session):
            people = dialogue.dealt.get(speaker, (speaker,))
            yield from told_by(people, text, dialogue, chance)


def told_by(people: tuple[str, ...], text: str, dialogue: Dialogue, chance: random.Random) -> Iterator[Said]:
    """One turn of the session: whole, or in two halves with a listener's word or a change of speaker between."""
    first = chance.choice(people)
    sentences = re.split(r"(?<=[.!?]) ", text)
    if len(text.split()) < LONG_WORDS or len(sentences) < 2:
        yield Said(first, text)
        return
    half = len(sentences) // 2
    begun, ended = " ".join(sentences[:half]), " ".join(sentences[half:])
    others = [person for person in people if person != first]
    if others:
        yield from (Said(first, begun), Said(chance.choice(others), ended))
    elif chance.random() < INTERRUPTED:
        listener = chance.choice([person for person in dialogue.voices if person != first])
        word = Said(listener, chance.choice(LISTENING), listening=True)
        yield from (Said(first, begun), word, Said(first, ended))
    else:
        yield Said(first, text)
