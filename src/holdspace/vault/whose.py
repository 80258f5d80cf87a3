"""Whose key seals a row. A model says it in one line, and never calls crypto.

    class Goal(Row):
        belongs_to = client("plan__client_id")
        text = Encrypted(purpose="chart")

The path leads from the row to the id of whoever it is about. A model that has a `client` needs no line. A draft is
under a key of its session's until it is signed, so that it can be destroyed without the record it would have joined.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

CLIENT, PRACTICE, VOICE, LIST, INDEX = "client", "practice", "voice", "list", "index"
DRAFT, HEARD = "draft", "heard"


class Owner(NamedTuple):
    """Whose key it is. A session's key belongs to its client as well: it opens with both or not at all."""

    kind: str
    id: int
    client_id: int = 0


@dataclass(frozen=True, slots=True)
class Whose:
    """The way from a row to its owner."""

    kind: str
    path: tuple[str, ...]

    def of(self, row: Any) -> Owner:
        """The owner of one row."""
        return Owner(self.kind, followed(row, self.path))

    @property
    def related(self) -> str:
        """The relation to read along with the rows, for `select_related`; empty where there is none."""
        return "__".join(self.path[:-1])


@dataclass(frozen=True, slots=True)
class UntilSigned(Whose):
    """A draft's: the session's own key, and the client's from the moment `state` is `signed`."""

    client: tuple[str, ...]
    state: tuple[str, ...]
    signed: str

    def of(self, row: Any) -> Owner:
        """The owner of one row, as the row stands."""
        client_id = followed(row, self.client)
        if followed(row, self.state) == self.signed:
            return Owner(CLIENT, client_id)
        return Owner(DRAFT, followed(row, self.path), client_id)


_said: dict[type[Any], Whose] = {}


def client(path: str) -> Whose:
    """The client at the end of `path`, such as `plan__client_id`."""
    return Whose(CLIENT, tuple(path.split("__")))


def practice(path: str) -> Whose:
    """The practice as a whole: what is about nobody in particular."""
    return Whose(PRACTICE, tuple(path.split("__")))


def voice(path: str) -> Whose:
    """The speaking voice of the clinician at the end of `path`."""
    return Whose(VOICE, tuple(path.split("__")))


def draft(session: str, *, client: str, state: str, signed: str) -> UntilSigned:
    """A draft of the session at the end of `session`, of the client at the end of `client`."""
    parts = tuple(tuple(path.split("__")) for path in (session, client, state))
    return UntilSigned(DRAFT, parts[0], parts[1], parts[2], signed)


def owner_of(row: Any) -> Owner:
    """Whose key seals this row."""
    return whose(type(row)).of(row)


def whose(model: type[Any]) -> Whose:
    """How a model's rows find their owner. Raises TypeError for one that says nothing and has no client."""
    found = _said.get(model)
    if found is None:
        found = _said[model] = _asked(model)
    return found


def _asked(model: type[Any]) -> Whose:
    said = getattr(model, "belongs_to", None)
    if isinstance(said, Whose):
        return said
    if any(field.name == "client" for field in model._meta.get_fields() if field.concrete):
        return client("client_id")
    raise TypeError(f"{model.__name__} has encrypted fields and does not say whose: see vault.whose")


def followed(row: Any, path: tuple[str, ...]) -> Any:
    """What the path leads to from a row."""
    for name in path:
        row = getattr(row, name)
    return row
