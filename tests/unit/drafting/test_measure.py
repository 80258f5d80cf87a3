"""The measure counts as score.py does, and sees what it must never see in a draft."""

from holdspace.cli.measure import measure, pick_author
from holdspace.engines.note import Draft, Evidence, LeftOut, Section, Sentence

GOLD = {
    "id": "s1",
    "jottings": "looks lighter today",
    "prior_note": "Ct on time. Sleep 5 hrs.",
    "voice_samples": ["Ct late. Sleep ok. Mood low."],
    "treatment_plan": {"goals": []},
    "turns": [{"text": "it was eighty-five"}, {"text": "secret"}],
    "gold": {
        "facts": [
            {"id": "f1", "importance": "critical", "text": "85", "all_of": [["85", "eighty-five"]]},
            {"id": "f2", "importance": "major", "text": "choir", "all_of": [["choir"], ["sang"]]},
        ],
        "forbidden": [{"id": "x1", "text": "faints", "any_of": [r"ct faints?\b"]}],
        "off_record": [{"turns": [1]}],
    },
}


def made(*texts: str, left: int = 0) -> Draft:
    sentences = tuple(
        Sentence(text, "session", (Evidence(0, "it was"),) if "bare" not in text else ()) for text in texts
    )
    return Draft("DAP", (Section("Data", sentences),), (), (LeftOut("why", (Evidence(left, "x"),)),))


def test_recall_jottings_and_length_are_counted() -> None:
    row = measure(GOLD, made("SUDS 85.", "Looks lighter today."), seconds=1.0)
    assert row.recall == {"critical": (1, 1), "major": (0, 1), "minor": (0, 0)}
    assert (row.jottings_kept, row.words, row.usual_words) == (1.0, 5, 6)
    assert row.missed == ("major f2: choir",)


def test_forbidden_invented_bare_and_leaked_are_seen() -> None:
    row = measure(GOLD, made("Ct faints 97 times.", "bare"), seconds=1.0)
    assert len(row.forbidden) == 1
    assert row.unsupported_numbers == ("97",)
    assert row.without_evidence == 1
    assert measure(GOLD, made("x", left=1), seconds=1.0).off_record_leaks == 1


def test_the_author_is_the_nearest_in_character_grams() -> None:
    samples = [["Ct on time. Rpts 2 PAs past wk."], ["Client shared that he has returned to the choir."]]
    assert pick_author("Client shared that he walked to the lake.", samples) == 1
    assert pick_author("Ct late. Rpts 1 PA past wk.", samples) == 0
