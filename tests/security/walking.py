"""Walks every page of the house, as somebody, with whatever a test puts into its parameters."""

from collections.abc import Iterator
from typing import Any

from django.test import Client as Browser

from holdspace.web.limits import counter
from tests.everything import Record
from tests.walls.test_addresses import ALL, Address
from tests.walls.test_matrix import methods_of, path_to

LEAVES = {"people:sign_out", "people:set_up", "people:unlock", "people:recover"}
"""Addresses after which the rest of a walk would meet a closed door."""


def reading() -> list[Address]:
    """Addresses that show something."""
    return [address for address in ALL if "GET" in methods_of(address) and address.name not in LEAVES]


def sending() -> list[Address]:
    """Addresses that take something."""
    return [address for address in ALL if "POST" in methods_of(address) and address.name not in LEAVES]


def pages(one: Browser, record: Record, query: dict[str, Any] | None = None) -> Iterator[tuple[str, Any]]:
    """Every page, by the name of its address."""
    for address in reading():
        counter.forget()
        yield address.name, one.get(path_to(address, record.ids, record.code), query or {})
