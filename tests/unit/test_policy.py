"""The policy table, read as a regulator would: who reaches whose records."""

import pytest

from holdspace.access.action import action
from holdspace.access.actor import Actor, Role, Whereabouts
from holdspace.access.policy import VERBS, UnknownVerb, allows, clinicians_within

HERS = Whereabouts("note", 1, practice_id=1, clinician_id=10)
SUPERVISEES = Whereabouts("note", 2, practice_id=1, clinician_id=20)
ANOTHERS = Whereabouts("note", 3, practice_id=1, clinician_id=30)
ELSEWHERE = Whereabouts("note", 4, practice_id=2, clinician_id=10)


def someone(role: Role) -> Actor:
    """A person of that role who is clinician 10 and supervises clinician 20."""
    return Actor(1, role, "Someone", user_id=5, clinician_id=10, supervisee_ids=frozenset({20}))


@pytest.mark.parametrize(
    ("role", "verb", "reached"),
    [
        ("owner", "note.read", [HERS, SUPERVISEES, ANOTHERS]),
        ("owner", "note.sign", [HERS]),
        ("clinician", "note.read", [HERS]),
        ("clinician", "note.sign", [HERS]),
        ("supervisor", "note.read", [HERS, SUPERVISEES]),
        ("supervisor", "transcript.read", [HERS, SUPERVISEES]),
        ("supervisor", "note.sign", [HERS]),
        ("biller", "note.read", []),
        ("biller", "session.read", []),
        ("biller", "transcript.read", []),
        ("scheduler", "client.read", [HERS, SUPERVISEES, ANOTHERS]),
        ("scheduler", "note.read", []),
        ("scheduler", "plan.read", []),
        ("worker", "note.draft", [HERS, SUPERVISEES, ANOTHERS]),
        ("worker", "note.sign", []),
        ("client", "capture.pause", [HERS, SUPERVISEES, ANOTHERS]),
        ("client", "session.read", []),
        ("client", "session.hear", []),
        ("owner", "capture.pause", []),
        ("owner", "voice.give", [HERS]),
        ("command line", "note.read", []),
        ("command line", "transcript.read", []),
    ],
)
def test_a_role_reaches_what_the_table_says_and_nothing_of_another_practice(
    role: Role, verb: str, reached: list[Whereabouts]
) -> None:
    everywhere = [HERS, SUPERVISEES, ANOTHERS, ELSEWHERE]
    assert [where for where in everywhere if allows(someone(role), verb, where)] == reached


def test_nobody_but_the_clinician_herself_signs_whatever_her_role() -> None:
    roles: list[Role] = ["owner", "clinician", "supervisor", "biller", "scheduler", "worker", "command line"]
    signers = {role for role in roles if allows(someone(role), "note.sign", ANOTHERS)}
    assert signers == set()


def test_someone_who_is_no_clinician_has_no_own_clients() -> None:
    assert clinicians_within(Actor(1, "clinician", "No one's clinician"), "note.read") == frozenset()


def test_before_there_is_a_practice_only_set_up_is_possible() -> None:
    door = Actor.command_line()
    assert {verb for verb in VERBS if allows(door, verb, HERS)} == {"practice.set_up"}
    assert not any(allows(Actor(0, "owner", "Eve"), verb, HERS) for verb in VERBS)


def test_an_unknown_verb_is_an_error_at_import() -> None:
    with pytest.raises(UnknownVerb):
        action("note.forge")
