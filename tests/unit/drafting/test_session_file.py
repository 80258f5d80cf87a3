"""Session files: our JSON, WebVTT, plain lines; anything else is refused with the reason."""

import json

import pytest

from holdspace.engines.drafting.session_file import read_session
from holdspace.errors import NotASession

DOCUMENT = {
    "client": {"name": "Ruth Vale", "pronouns": "she/her", "former_names": ["Robert"]},
    "clinician": {"name": "Maya Lind", "credential": "LCSW"},
    "participants": [{"role": "partner", "name": "Sam Vale", "pronouns": "they/them"}],
    "diagnoses": [{"code": "F41.1", "name": "Generalized anxiety disorder"}],
    "treatment_plan": {
        "goals": [
            {
                "id": "G1",
                "text": "Worry less",
                "objectives": [{"id": "O1", "text": "Log worry", "measure": "GAD-7"}],
            }
        ]
    },
    "jottings": "brighter today",
    "turns": [
        {"i": 0, "speaker": "T", "t0": 0.0, "t1": 2.5, "text": "Hello."},
        {"i": 1, "speaker": "Sam", "text": "Hi."},
    ],
    "gold": {"facts": "never read"},
}


def test_json_gives_people_plan_and_turns_and_never_gold() -> None:
    session = read_session(json.dumps(DOCUMENT).encode(), "a.json")
    assert [(t.speaker, t.text) for t in session.turns] == [("therapist", "Hello."), ("partner", "Hi.")]
    assert session.former_names == ("Robert",)
    assert session.goals[0].objectives[0].measure == "GAD-7"
    assert session.diagnoses == ("F41.1 Generalized anxiety disorder",)
    assert "never read" not in repr(session)


def test_webvtt_joins_captions_of_one_speaker() -> None:
    vtt = (
        b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v Therapist>How are\n\n"
        b"00:02.000 --> "
        b"00:03.500\n<v Therapist>you?\n\n"
        b"00:04.000 --> 00:05.000\nClient: Tired."
    )
    turns = read_session(vtt, "a.vtt").turns
    assert [(t.speaker, t.text) for t in turns] == [("therapist", "How are you?"), ("client", "Tired.")]
    assert turns[0].end_s == 3.5


def test_plain_lines_with_or_without_labels() -> None:
    turns = read_session(b"Therapist: How are you?\nTired,\nreally.\nPatient: Sorry.\n", "a.txt").turns
    assert [(t.speaker, t.text) for t in turns] == [
        ("therapist", "How are you? Tired, really."),
        ("client", "Sorry."),
    ]
    assert read_session(b"just words\nmore words", "a.txt").turns[0].speaker == "unknown"


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"   ",
        b"\xff\xfe\x00\x01",
        b'{"turns": [',
        b"[1, 2]",
        b'{"turns": "no"}',
        b'{"turns": []}',
        b'{"turns": [{"speaker": "T"}]}',
        b"WEBVTT\n\nnothing",
    ],
)
def test_what_is_not_a_session_is_refused(damaged: bytes) -> None:
    with pytest.raises(NotASession):
        read_session(damaged, "a.json" if damaged[:1] in (b"{", b"[") else "a.txt")
