"""Encrypted fields. A model declares the purpose; the key follows from it and from the row's identity.

    body = Encrypted(purpose="note")

The value in the database opens only in the same table, row and field. Identities are made before the row is written
(`Row`), because a number the database hands out afterwards could not be part of what is sealed.
"""

import json
import secrets
from typing import TYPE_CHECKING, Any, Self

from django.db import models

from holdspace.vault.envelope import seal, unseal
from holdspace.vault.keys import ring

ID_BITS = 52  # fits a JavaScript number and a page address; a clash in a million rows: 1 in 9,000


def new_id() -> int:
    """A random identity, so that an address tells nothing about how many rows there are."""
    return secrets.randbits(ID_BITS - 1) + 1


class Row(models.Model):
    """A row that knows its identity before it is written."""

    id = models.BigIntegerField(primary_key=True, default=new_id, editable=False)

    class Meta:
        abstract = True


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
    """Text sealed under the practice's key for `purpose`. Cannot be searched, ordered or indexed."""

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
        return seal(
            ring.key_for(f"field/{self.purpose}"),
            self.packed(getattr(model_instance, self.attname)),
            identity=self._identity(model_instance),
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
        plain = unseal(ring.key_for(f"field/{self.purpose}"), sealed, identity=self._identity(instance))
        return self.unpacked(plain)

    def packed(self, value: Any) -> bytes:
        """The value as bytes."""
        return str(value).encode()

    def unpacked(self, plain: bytes) -> Any:
        """The bytes as a value."""
        return plain.decode()

    def _identity(self, instance: models.Model) -> str:
        if instance.pk is None:
            raise TypeError(f"{type(instance).__name__} has no identity yet; derive it from vault.fields.Row")
        return f"{instance._meta.db_table}/{instance.pk}/{self.column}/{self.purpose}"

    def clone(self) -> Self:
        maker: type[Any] = type(
            self
        )  # the field plugin of the type checker cannot follow a call of type[Self]
        made: Self = maker(purpose=self.purpose, default=str(self.default), blank=self.blank)
        return made


def as_bytes(value: object) -> bytes:
    """JSON bytes of plain values, the same for the same value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
