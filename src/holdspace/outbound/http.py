"""HTTP through the door: the `send` that network adapters are given, and the one download of model weights."""

from collections.abc import Callable, Iterator

import httpx

from holdspace.errors import EngineFailed, Unavailable
from holdspace.outbound.door import Door

Send = Callable[[str, bytes], bytes]

TIMEOUT_S = 120.0
LARGEST_ANSWER = 16 * 1024 * 1024


def sender(door: Door, *, content_type: str = "application/json") -> Send:
    """A function that posts bytes to an allowed address and returns the answer's bytes, errors' bodies included."""

    def send(url: str, body: bytes) -> bytes:
        try:
            # Environment proxies would be a second way out; redirects would leave the named host.
            with httpx.Client(timeout=TIMEOUT_S, trust_env=False, follow_redirects=False) as client:
                answer = client.post(door.check(url), content=body, headers={"Content-Type": content_type})
        except httpx.HTTPError as error:
            raise EngineFailed("The server could not be reached.", then="Is it running?") from error
        if len(answer.content) > LARGEST_ANSWER:
            raise EngineFailed("The server's answer was too long to be one.")
        return answer.content

    return send


def send_to(url: str, *, content_type: str = "application/json") -> Send:
    """A sender to the one host of an address a person typed or configured: naming it is allowing it."""
    return sender(Door.to([url]), content_type=content_type)


def stream(door: Door, url: str) -> Iterator[bytes]:
    """A file from an allowed address in pieces; each redirect is checked at the door like the first address."""
    try:
        with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False) as client:
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
