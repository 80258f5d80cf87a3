"""Who may do what: one table. Verb by role gives a scope.

all         every record of the practice
own         records of her own clients
team        her own clients' and those of the clinicians she supervises
-           never

A supervisor reads with her supervisees and signs only her own. Owning the practice opens its administration, not the
signing of another's notes. A client has no account: whoever has the code of a session may see whether it is being
heard, ask for a pause, and answer or take back a consent of that session's people, to whom alone the code leads.
Minimum necessary (45 CFR 164.502(b)): who bills or books sees no session, no plan and no note.
"""

from typing import Literal, get_args

from holdspace.access.actor import Actor, Role, Whereabouts

Scope = Literal["all", "own", "team", "-"]

_TABLE = """
verb                 owner  clinician  supervisor  biller  scheduler  client  worker  command line
practice.set_up      -      -          -           -       -          -       -       all
practice.read        all    all        all         all     all        -       all     all
practice.open        -      -          -           -       -          -       -       all
practice.key         all    -          -           -       -          -       -       all
practice.switch      all    -          -           -       -          -       -       all
user.add             all    -          -           -       -          -       -       all
client.add           all    own        own         -       all        -       -       all
client.read          all    own        team        all     all        -       all     -
client.edit          all    own        own         -       all        -       -       -
appointment.book     all    own        own         -       all        -       -       all
appointment.read     all    own        team        all     all        -       all     -
consent.read         all    own        team        -       all        all     all     -
consent.record       all    own        own         -       all        all     -       all
consent.revoke       all    own        own         -       all        all     -       -
consent.prepare      all    own        own         -       all        -       -       -
consent.word         all    -          -           -       -          -       -       all
consent.carry_out    -      -          -           -       -          -       all     -
switch.read          all    own        team        -       -          -       all     -
switch.set           all    own        own         -       -          -       -       -
voice.read           own    own        own         -       -          -       all     -
voice.correct        own    own        own         -       -          -       -       -
voice.erase          own    own        own         -       -          -       -       -
voice.give           own    own        own         -       -          -       -       -
voice.forget         own    own        own         -       -          -       -       -
plan.read            all    own        team        -       -          -       all     -
plan.write           own    own        own         -       -          -       -       all
session.start        own    own        own         -       -          -       -       all
session.read         all    own        team        -       -          -       all     -
session.jot          own    own        own         -       -          -       -       all
session.hear         own    own        own         -       -          -       all     all
capture.pause        -      -          -           -       -          all     -       -
session.draft        own    own        own         -       -          -       -       all
session.work         -      -          -           -       -          -       all     -
session.close        own    own        own         -       -          -       -       all
transcript.read      own    own        team        -       -          -       all     -
transcript.destroy   own    own        own         -       -          -       all     -
note.read            all    own        team        -       -          -       all     -
note.draft           -      -          -           -       -          -       all     -
note.destroy         -      -          -           -       -          -       all     -
note.review          own    own        own         -       -          -       -       -
note.sign            own    own        own         -       -          -       -       -
note.amend           own    own        own         -       -          -       -       -
note.bring_in        own    own        own         -       -          -       -       all
audit.read           all    own        own         -       -          -       -       -
"""


def _parsed(table: str) -> dict[tuple[str, str], Scope]:
    heading, *rows = (line.split() for line in table.strip().splitlines())
    roles = [*heading[1:-2], "command line"]
    if set(roles) != set(get_args(Role)):
        raise ValueError("the policy table's roles are not the roles there are")
    cells: dict[tuple[str, str], Scope] = {}
    for verb, *scopes in rows:
        if len(scopes) != len(roles):
            raise ValueError(f"the policy table's row for {verb} is not complete")
        for role, scope in zip(roles, scopes, strict=True):
            if scope not in get_args(Scope):
                raise ValueError(f"{scope} is not a scope")
            cells[verb, role] = scope  # type: ignore[assignment]  # just checked
    return cells


POLICY = _parsed(_TABLE)
VERBS = frozenset(verb for verb, _ in POLICY)


class UnknownVerb(Exception):
    """A verb the table does not know: an error of ours, found at import."""


def known(verb: str) -> str:
    """The verb, if the table has it. Raises UnknownVerb."""
    if verb not in VERBS:
        raise UnknownVerb(verb)
    return verb


def scope_of(actor: Actor, verb: str) -> Scope:
    """How far the verb reaches for this actor."""
    return POLICY[known(verb), actor.role]


def clinicians_within(actor: Actor, verb: str) -> frozenset[int] | None:
    """Whose clients the verb reaches; None means everyone's in the practice, empty means nobody's."""
    scope = scope_of(actor, verb)
    if scope == "all":
        return None
    own = frozenset({actor.clinician_id} if actor.clinician_id is not None else ())
    if scope == "own":
        return own
    return own | actor.supervisee_ids if scope == "team" else frozenset()


def allows(actor: Actor, verb: str, where: Whereabouts) -> bool:
    """Whether this actor may do this to a record that belongs there."""
    if not actor.practice_id:  # before there is a practice, nothing but making one
        return actor.role == "command line" and verb == "practice.set_up"
    if where.practice_id != actor.practice_id:
        return False
    reached = clinicians_within(actor, verb)
    return reached is None or where.clinician_id in reached
