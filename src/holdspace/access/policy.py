"""Who may do what: one table. Verb by role gives a scope.

all         every record of the practice
own         records of her own clients
team        her own clients' and those of the clinicians she supervises
self        what is of this person: her password, her second factors, her sign-ins
-           never
*           and, to read only, the record of a client she opened in an emergency, for an hour (break-glass)

A psychotherapy note is its author's alone: no star, no supervisor, no owner (45 CFR 164.501, 164.508(a)(2)). While her
screen is locked only what is in WHILE_LOCKED goes on: a session being heard is not lost.

A supervisor reads with her supervisees and signs only her own. Owning the practice opens its administration, not the
signing of another's notes. A client has no account: whoever has the code of a session may see whether it is being
heard, ask for a pause, and answer or take back a consent of that session's people, to whom alone the code leads.
Minimum necessary (45 CFR 164.502(b)): who bills or books sees no session, no plan and no note.
"""

from typing import Literal, get_args

from holdspace.access.actor import Actor, Role, Whereabouts

Scope = Literal["all", "own", "team", "self", "-"]

_TABLE = """
verb                 owner  clinician  supervisor  biller  scheduler  client  worker  command line
practice.set_up      -      -          -           -       -          -       -       all
practice.read        all    all        all         all     all        -       all     all
practice.open        -      -          -           -       -          -       -       all
practice.key         all    -          -           -       -          -       -       all
practice.rotate      all    -          -           -       -          -       -       all
practice.unattended  all    -          -           -       -          -       -       all
practice.door        all    -          -           -       -          -       -       all
user.add             all    -          -           -       -          -       -       all
user.read            all    self       self        self    self       -       -       all
user.invite          all    -          -           -       -          -       -       all
user.join            self   self       self        self    self       -       -       -
user.change          all    -          -           -       -          -       -       all
user.leave           all    -          -           -       -          -       -       all
user.return          all    -          -           -       -          -       -       all
password.change      self   self       self        self    self       -       -       -
factor.add           self   self       self        self    self       -       -       -
factor.remove        self   self       self        self    self       -       -       -
factor.codes         self   self       self        self    self       -       -       -
factor.reset         self   -          -           -       -          -       -       -
sign_in.read         all    self       self        self    self       -       -       -
sign_in.lock         self   self       self        self    self       -       -       -
sign_in.end          all    self       self        self    self       -       -       all
notice.acknowledge   self   self       self        self    self       -       -       -
emergency.open       all    all        all         -       -          -       -       -
emergency.end        all    self       self        -       -          -       -       -
outside.read         all    -          -           -       -          -       all     -
outside.allow        all    -          -           -       -          -       -       -
outside.end          all    -          -           -       -          -       -       -
outside.send         -      -          -           -       -          -       all     -
client.add           all    own        own         -       all        -       -       all
client.read          all    own*       team*       all     all        -       all     -
client.edit          all    own        own         -       all        -       -       -
appointment.book     all    own        own         -       all        -       -       all
appointment.read     all    own*       team*       all     all        -       all     -
consent.read         all    own*       team*       -       all        all     all     -
consent.record       all    own        own         -       all        all     -       all
consent.revoke       all    own        own         -       all        all     -       -
consent.prepare      all    own        own         -       all        -       -       -
consent.word         all    -          -           -       -          -       -       all
consent.carry_out    -      -          -           -       -          -       all     -
consent.export       all    own        team        -       all        all     -       -
disclosure.read      all    own        team        all     -          -       -       -
disclosure.record    all    own        own         all     -          -       -       -
disclosure.authorize all    own        own         -       -          -       -       -
disclosure.revoke    all    own        own         -       -          -       -       -
disclosure.guard     all    own        own         -       -          -       -       -
disclosure.print     all    own        team        -       -          -       -       -
switch.read          all    own        team        -       -          -       all     -
switch.on            all    own        own         -       -          -       -       all
switch.off           all    own        own         -       -          -       -       all
switch.choose        all    -          -           -       -          -       -       all
voice.read           own    own        own         -       -          -       all     -
voice.correct        own    own        own         -       -          -       -       -
voice.erase          own    own        own         -       -          -       -       -
voice.give           own    own        own         -       -          -       -       -
voice.forget         own    own        own         -       -          -       all     -
plan.read            all    own*       team*       -       -          -       all     -
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
note.read            all    own*       team*       -       -          -       all     -
note.draft           -      -          -           -       -          -       all     -
note.destroy         -      -          -           -       -          -       all     -
note.write           own    own        own         -       -          -       -       -
note.review          own    own        own         -       -          -       -       -
note.sign            own    own        own         -       -          -       -       -
note.export          all    own        team        -       -          -       -       -
ledger.export        all    own        team        -       -          -       -       -
note.amend           own    own        own         -       -          -       -       -
note.bring_in        own    own        own         -       -          -       -       all
backup.make          all    -          -           -       -          -       all     all
backup.try           all    -          -           -       -          -       all     all
backup.restore       -      -          -           -       -          -       -       all
retention.read       all    -          -           -       -          -       all     -
retention.set        all    -          -           -       -          -       -       -
retention.night      -      -          -           -       -          -       all     all
clock.confirm        all    -          -           -       -          -       -       -
record.destroy       all    -          -           -       -          -       all     -
record.hold          all    -          -           -       -          -       -       -
log.let_go           -      -          -           -       -          -       all     -
psychotherapy.read   own    own        own         -       -          -       -       -
psychotherapy.write  own    own        own         -       -          -       -       -
audit.read           all    own        own         -       -          -       -       -
proof.read           all    -          -           -       -          -       all     all
proof.run            all    -          -           -       -          -       all     all
"""


def _parsed(table: str) -> tuple[dict[tuple[str, str], Scope], frozenset[tuple[str, str]]]:
    """Each cell's scope, and the cells with a star."""
    heading, *rows = (line.split() for line in table.strip().splitlines())
    roles = [*heading[1:-2], "command line"]
    if set(roles) != set(get_args(Role)):
        raise ValueError("the policy table's roles are not the roles there are")
    cells: dict[tuple[str, str], Scope] = {}
    starred: set[tuple[str, str]] = set()
    for verb, *scopes in rows:
        if len(scopes) != len(roles):
            raise ValueError(f"the policy table's row for {verb} is not complete")
        for role, cell in zip(roles, scopes, strict=True):
            scope = cell.removesuffix("*")
            if scope not in get_args(Scope):
                raise ValueError(f"{scope} is not a scope")
            cells[verb, role] = scope  # type: ignore[assignment]  # just checked
            if scope != cell:
                starred.add((verb, role))
    return cells, frozenset(starred)


POLICY, IN_EMERGENCY = _parsed(_TABLE)
VERBS = frozenset(verb for verb, _ in POLICY)
WHILE_LOCKED = frozenset({"practice.read", "session.read", "session.hear", "consent.read"})
"""What a locked screen may still do, so that a session being heard goes on; its addresses are fewer (web.sign_ins)."""


class UnknownVerb(Exception):
    """A verb the table does not know: an error of ours, found at import."""


def known(verb: str) -> str:
    """The verb, if the table has it. Raises UnknownVerb."""
    if verb not in VERBS:
        raise UnknownVerb(verb)
    return verb


def scope_of(actor: Actor, verb: str) -> Scope:
    """How far the verb reaches for this actor."""
    if actor.is_locked and known(verb) not in WHILE_LOCKED:
        return "-"
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


def opened_to(actor: Actor, verb: str) -> frozenset[int]:
    """The clients whose record an emergency opens to this verb, besides those it reaches anyway."""
    is_open = (known(verb), actor.role) in IN_EMERGENCY and not actor.is_locked
    return actor.opened if is_open else frozenset()


def allows(actor: Actor, verb: str, where: Whereabouts) -> bool:
    """Whether this actor may do this to a record that belongs there."""
    if not actor.practice_id:  # before there is a practice, nothing but making one
        return actor.role == "command line" and verb == "practice.set_up"
    if where.practice_id != actor.practice_id:
        return False
    return _reaches(actor, verb, where) or where.client_id in opened_to(actor, verb)


def is_in_emergency(actor: Actor, verb: str, where: Whereabouts) -> bool:
    """Whether it is an emergency, and nothing else, that lets this actor do this."""
    return allows(actor, verb, where) and not _reaches(actor, verb, where)


def _reaches(actor: Actor, verb: str, where: Whereabouts) -> bool:
    if scope_of(actor, verb) == "self":
        return where.user_id is not None and where.user_id == actor.user_id
    reached = clinicians_within(actor, verb)
    return reached is None or where.clinician_id in reached
