"""The named hosts this installation may reach. Nothing else leaves the machine, whatever asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from holdspace.errors import Refused

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})


class HostNotAllowed(Refused):
    """A host nobody allowed by name."""

    code = "host-not-allowed"


@dataclass(frozen=True, slots=True)
class Door:
    """The hosts allowed, by name. Plain HTTP is for this machine only."""

    hosts: frozenset[str] = frozenset()

    @classmethod
    def to(cls, urls: Iterable[str]) -> "Door":
        """A door to the hosts of these addresses and no other."""
        return cls(frozenset(host for url in urls if (host := urlsplit(url).hostname)))

    def check(self, url: str) -> str:
        """The address, if it may be reached. Raises HostNotAllowed."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and host in LOCAL)
        if host in self.hosts and is_safe and not parts.username:
            return url
        raise HostNotAllowed(
            "That address is not one this installation may reach.",
            then="Use an https address whose host is named in the configuration.",
        )
