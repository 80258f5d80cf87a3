"""HTTP through the door: the `send` that network adapters are given, and the one download of model weights.

In a practice that is served, `post` runs in the gateway process alone (outbound/gateway.py); a command somebody types
runs it itself.
"""

import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import urlsplit, urlunsplit

import httpx

from holdspace.errors import EngineFailed, Unavailable
from holdspace.outbound.door import USUAL_PORTS, Door

Send = Callable[[str, bytes], bytes]

TIMEOUT = httpx.Timeout(120.0, connect=15.0)
LARGEST_ANSWER = 16 * 1024 * 1024
NOT_VALID_NOW = {9: "is not valid yet", 10: "has expired"}
"""What OpenSSL calls them: X509_V_ERR_CERT_NOT_YET_VALID, X509_V_ERR_CERT_HAS_EXPIRED."""


def sender(
    door: Door, *, content_type: str = "application/json", headers: Mapping[str, str] | None = None
) -> Send:
    """A function that posts bytes to an allowed address and returns the answer's bytes, errors' bodies included."""

    def send(url: str, body: bytes) -> bytes:
        return post(door, url, body, content_type=content_type, headers=headers)

    return send


def send_to(
    url: str, *, content_type: str = "application/json", headers: Mapping[str, str] | None = None
) -> Send:
    """A sender to the one host of an address a person typed or configured: naming it is allowing it."""
    return sender(Door.to([url]), content_type=content_type, headers=headers)


def post(
    door: Door,
    url: str,
    body: bytes,
    *,
    content_type: str,
    headers: Mapping[str, str] | None = None,
    certificates: str = "",
    before: Callable[[int], object] = lambda _port: None,
) -> bytes:
    """Post bytes through the door. `before` is called with the port, once the name is resolved and before connecting.

    The connection goes to the very address that was looked at, so a name cannot mean another one a moment later.
    """
    parts = urlsplit(door.check(url))
    host, port = parts.hostname or "", parts.port or USUAL_PORTS[parts.scheme]
    addresses = _addresses(host, port)
    door.check_ours(url, addresses)
    before(port)
    told = {**(headers or {}), "Content-Type": content_type, "Host": parts.netloc}
    try:
        # Environment proxies would be a second way out; redirects would leave the named host.
        with httpx.Client(
            verify=trusted(certificates), timeout=TIMEOUT, trust_env=False, follow_redirects=False
        ) as client:
            for address in addresses[:-1]:
                try:
                    return _posted(client, _at(url, address, port), body, told, host)
                except httpx.ConnectError:
                    continue
            return _posted(client, _at(url, addresses[-1], port), body, told, host)
    except httpx.HTTPError as error:
        raise _not_reached(error) from error


def stream(door: Door, url: str) -> Iterator[bytes]:
    """A file from an allowed address in pieces; each redirect is checked at the door like the first address."""
    try:
        # No environment proxy here either: it would be a host that nobody named.
        with httpx.Client(timeout=TIMEOUT, trust_env=False, follow_redirects=False) as client:
            for _ in range(5):
                with client.stream("GET", door.check(url)) as answer:
                    if answer.is_redirect:
                        url = str(answer.url.join(answer.headers["location"]))
                        continue
                    answer.raise_for_status()
                    yield from answer.iter_bytes(1024 * 1024)
                    return
    except httpx.HTTPError as error:
        raise Unavailable("The file could not be fetched.", then="Try again later.") from error
    raise Unavailable("The file's address leads in circles.")


def _not_reached(error: BaseException) -> EngineFailed:
    """Why nothing was sent: a certificate that is not good, if that is behind it, else a server that is not there."""
    behind: BaseException | None = error
    while behind is not None and not isinstance(behind, ssl.SSLCertVerificationError):
        behind = behind.__cause__ or behind.__context__
    if behind is None:
        return EngineFailed("The server could not be reached.", then="Is it running?")
    if told := NOT_VALID_NOW.get(behind.verify_code):
        return EngineFailed(
            f"The server\u2019s certificate {told}.",
            kept="Nothing was sent to it.",
            then="Whoever runs it must renew it; or set this machine\u2019s clock right.",
        )
    return EngineFailed(
        "The server could not prove to be the one that was named: nobody trusted vouches for its certificate.",
        kept="Nothing was sent to it.",
        then="Look at its name. HOLDSPACE_CA_FILE names an authority of your own.",
    )


def _posted(client: httpx.Client, url: str, body: bytes, headers: dict[str, str], host: str) -> bytes:
    """The answer's bytes; the certificate is checked for the name, not for the address."""
    arrived = bytearray()
    with client.stream(
        "POST", url, content=body, headers=headers, extensions={"sni_hostname": host}
    ) as answer:
        for piece in answer.iter_bytes():
            arrived += piece
            if len(arrived) > LARGEST_ANSWER:
                raise EngineFailed("The server's answer was too long to be one.")
    return bytes(arrived)


def _addresses(host: str, port: int) -> list[str]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise EngineFailed(
            "The server's name could not be found.", then="Is this machine connected?"
        ) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _at(url: str, address: str, port: int) -> str:
    """The same address with the name's number in place of its name."""
    parts = urlsplit(url)
    number = f"[{address}]" if ":" in address else address
    return urlunsplit((parts.scheme, f"{number}:{port}", parts.path, parts.query, ""))


@lru_cache(maxsize=2)
def trusted(certificates: str) -> ssl.SSLContext:
    """Who may vouch for a server: the usual authorities, and the practice's own where it has one."""
    context = httpx.create_ssl_context(trust_env=False)
    if certificates:
        context.load_verify_locations(certificates)
    return context
