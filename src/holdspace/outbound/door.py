"""The named hosts this installation may reach. Nothing else leaves the machine, whatever asks."""

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import ip_address, ip_network
from urllib.parse import urlsplit

from holdspace.errors import Refused

LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
USUAL_PORTS = {"https": 443, "http": 80}
OWN_NETWORKS = tuple(
    map(
        ip_network,
        ("127.0.0.0/8", "::1/128", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7", "fe80::/10"),
    )
)
"""This machine; RFC 1918, RFC 4193; link-local IPv6."""


class HostNotAllowed(Refused):
    """A host nobody allowed by name."""

    code = "host-not-allowed"


class HostNotOurs(Refused):
    """A host said to be the practice's own whose address is not in its own network."""

    code = "host-not-ours"


@dataclass(frozen=True, slots=True)
class Door:
    """The hosts allowed, by name: `host`, or `host:port` where the port is not the usual one. Plain HTTP is for this
    machine only. `ours` are those said to stand in the practice's own network; the gateway holds them to it.
    """

    hosts: frozenset[str] = frozenset()
    ours: frozenset[str] = frozenset()

    @classmethod
    def to(cls, urls: Iterable[str]) -> "Door":
        """A door to the hosts of these addresses and no other."""
        return cls(frozenset(named for url in urls if (named := host_named(url))))

    def check(self, url: str) -> str:
        """The address, if it may be reached. Raises HostNotAllowed."""
        parts = urlsplit(url)
        is_safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
        if is_safe and not parts.username and (named := host_named(url)) and named in self.hosts:
            return url
        raise HostNotAllowed(
            "That address is not one this installation may reach.",
            then="Allow its host by name: an https address, in the configuration or on the page What may leave.",
        )

    def check_ours(self, url: str, addresses: Iterable[str]) -> None:
        """Raise HostNotOurs when a host said to be the practice's own has an address of the public internet."""
        if host_named(url) in self.ours and not all(map(is_private, addresses)):
            raise HostNotOurs(
                "That server was named as your own, but its address is not in your network.",
                then="Take it off the list of your own servers; anyone else's needs an agreement.",
            )


def host_named(url: str) -> str:
    """The host of an address as a door knows it, "" where there is none."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    return host if port in (None, USUAL_PORTS.get(parts.scheme)) else f"{host}:{port}"


def is_private(address: str) -> bool:
    """Whether an IP address belongs to this machine or to a network of its owner's."""
    found = ip_address(address.partition("%")[0])
    return any(found.version == network.version and found in network for network in OWN_NETWORKS)
