"""Encrypted fields. A model declares the purpose; the key follows from whose the row is, and from its identity.

    class Diagnosis(Row):
        client = models.ForeignKey(Client, …)
        name = Encrypted(purpose="chart")

The value in the database opens only in the same table, row and field, and with the key of the client it is about
(vault/whose.py says how a model names another owner). Identities are made before the row is written (`Row`), because a
number the database hands out afterwards could not be part of what is sealed.
"""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Self, cast

from django.db import models

from holdspace.vault import sealing
from holdspace.vault.rows import Row, new_id

__all__ = ["Encrypted", "EncryptedLater", "Row", "as_bytes", "new_id", "open_all", "open_rows"]


class _OpenedAtRead:
    """Opens the sealed bytes at first use and keeps the value on the instance, as Django keeps any other."""

    def __init__(self, field: "Encrypted") -> None:
        self.field = field

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        if instance is None:
            return self
        kept = instance.__dict__
        name = self.field.attname
        if name not in kept:
            instance.refresh_from_db(fields=[name])
        if isinstance(kept[name], bytes | memoryview):
            kept[name] = self.field.opened(instance, bytes(kept[name]))
        return kept[name]

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = value


if TYPE_CHECKING:
    _TextField = models.Field[str, str]
else:
    _TextField = models.Field


class Encrypted(_TextField):
    """Text sealed for `purpose` under the key of whose row it is. Cannot be searched, ordered or indexed."""

    descriptor_class = _OpenedAtRead

    def __init__(self, *, purpose: str, default: str = "", blank: bool = False) -> None:
        super().__init__(default=default, blank=blank, editable=True)
        self.purpose = purpose

    def deconstruct(self) -> tuple[str, str, list[Any], dict[str, Any]]:
        name, path, _, kwargs = super().deconstruct()
        return name, path, [], {"purpose": self.purpose, **kwargs}

    def get_internal_type(self) -> str:
        return "BinaryField"

    def get_default(self) -> str:
        return str(self.default)

    def pre_save(self, model_instance: models.Model, add: bool) -> bytes:  # noqa: ARG002, FBT001  # Django's
        value = self.packed(getattr(model_instance, self.attname))
        return sealing.cipher.seal(
            model_instance, self.purpose, value, identity=self.identity_of(model_instance)
        )

    def get_prep_value(self, value: Any) -> Any:
        if value is None or isinstance(value, bytes | memoryview):
            return value
        raise TypeError(f"{self.name} is encrypted: save the row instead of updating or filtering it")

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:  # noqa: FBT001, FBT002
        value = value if prepared else self.get_prep_value(value)
        return None if value is None else connection.Database.Binary(value)

    def opened(self, instance: models.Model, sealed: bytes) -> Any:
        """The value that was sealed for this row."""
        plain = sealing.cipher.unseal(instance, self.purpose, sealed, identity=self.identity_of(instance))
        return self.unpacked(plain)

    def packed(self, value: Any) -> bytes:
        """The value as bytes."""
        return str(value).encode()

    def unpacked(self, plain: bytes) -> Any:
        """The bytes as a value."""
        return plain.decode()

    def identity_of(self, instance: models.Model) -> str:
        """What the value is bound to: its table, row, field and purpose."""
        pk = instance.pk
        if pk is None:
            raise TypeError(f"{type(instance).__name__} has no identity yet; derive it from vault.fields.Row")
        return f"{instance._meta.db_table}/{pk}/{self.column}/{self.purpose}"

    def clone(self) -> Self:
        maker: type[Any] = type(
            self
        )  # the field plugin of the type checker cannot follow a call of type[Self]
        made: Self = maker(purpose=self.purpose, default=str(self.default), blank=self.blank)
        return made


class EncryptedLater(Encrypted):
    """A field that came to a table with rows in it; in those it is empty, and nothing was sealed."""

    def opened(self, instance: models.Model, sealed: bytes) -> Any:
        return super().opened(instance, sealed) if sealed else self.get_default()


def open_rows(rows: Sequence[models.Model], *names: str) -> None:
    """Open these values of many rows, as a list shows them: each row's key is looked for once.

    All of them are of one model and one purpose.
    """
    fields = [cast(Encrypted, rows[0]._meta.get_field(name)) for name in names] if rows else []
    for row in rows:
        kept = row.__dict__
        sealed = [field for field in fields if isinstance(kept.get(field.attname), bytes | memoryview)]
        if not sealed:
            continue
        values = [(bytes(kept[field.attname]), field.identity_of(row)) for field in sealed]
        plain = sealing.cipher.unseal_all(row, sealed[0].purpose, values)
        for field, value in zip(sealed, plain, strict=True):
            kept[field.attname] = field.unpacked(value)


def open_all(row: models.Model) -> None:
    """Open every encrypted value of a row, so that saving it seals them anew, under whosever it is by then."""
    for field in row._meta.concrete_fields:
        if isinstance(field, Encrypted):
            getattr(row, field.attname)


def as_bytes(value: object) -> bytes:
    """JSON bytes of plain values, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
