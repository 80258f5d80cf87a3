"""How much and how often: one table a person can read. What a request may weigh, and how often it may come.

Weights are looked at before a body is read (web/asgi.py), so that nobody fills the memory with what will be refused.
Counts are kept in this process; with several processes each counts its own. Wrong passwords, passphrases and codes are
slowed down besides, where they are checked (people.opening, room.views.client_view).
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, resolve

from holdspace.access.throttle import TooMany
from holdspace.audit.log import event_log
from holdspace.ui.errors import told
from holdspace.ui.uploads import LARGEST, BodyTooLarge

KIB, MIB = 1024, 1024 * 1024
AROUND_A_FILE = MIB
"""What a form may hold beside its file."""

BODIES = {
    "room:upload": LARGEST + AROUND_A_FILE,
    "room:give_voice": MIB,  # twenty seconds of 16-bit samples are 640 KB
    "room:sound": 128 * KIB,  # one second of two channels is 64 KB
}
ANY_BODY = MIB
"""Bytes of any other form: the longest text a page has room for is some thousand letters."""
UNKNOWN_BODY = 64 * KIB
"""Bytes from a browser that nobody has signed in with."""
THROWN_AWAY = 64 * MIB
"""Bytes over the bound that are read and thrown away, so that a browser sees the answer and not a broken line."""
MOST_LARGE = 2
"""Bodies above `ANY_BODY` that are read at the same time."""


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` requests in `every_s` seconds by one person, or by one address where nobody is signed in."""

    what: str
    routes: frozenset[str]
    most: int
    every_s: float = 60.0
    method: str = ""


COMING_IN = frozenset(
    f"people:{page}"
    for page in (
        "sign_in",
        "second",
        "passkey",
        "show_passkey",
        "lost",
        "come_back",
        "come_back_passkey",
        "again",
        "again_passkey",
    )
)
EXPORTS = frozenset(
    {
        "chart:ledger_pdf",
        "chart:pdf",
        "consent:accounting",
        "consent:pdf",
        "proof:json",
        "proof:pdf",
        "room:client_pdf",
        "safekeeping:certificate_pdf",
    }
)
CLIENT_PAGES = frozenset({"room:client_ask", "room:client_pdf"})
RATES = (
    Rate("signing in", COMING_IN, most=30, method="POST"),
    Rate("joining", frozenset({"people:join", "people:join_with"}), most=30),
    Rate(
        "passphrases", frozenset({"people:unlock", "people:recover", "people:set_up"}), most=30, method="POST"
    ),
    Rate("codes", frozenset({"room:client_door"}) | CLIENT_PAGES, most=60),
    Rate("uploads", frozenset({"room:upload", "room:give_voice"}), most=20, method="POST"),
    Rate("search", frozenset({"people:clients"}), most=120),
    Rate("exports", EXPORTS, most=60),
    Rate("checking the log", frozenset({"chart:log_check"}), most=20),
    Rate("trying the ways out", frozenset({"outside:tried"}), most=20),
)
SECONDS_OF_SOUND = frozenset({"room:sound", "room:state"})
"""A page that was without a network sends what it kept as fast as it can; none of it may be refused."""
TO_STOP = frozenset({"room:client_back", "room:client_pause"})
"""A client's ways to stop being heard. A whole practice may stand behind one address: nothing others do there may
refuse them. Wrong codes are counted where they are looked up, a right one never is (room.views.client_view)."""
ANYTHING = Rate("anything", frozenset(), most=1200)
MOST_KNOWN = 10_000


class _Counter:
    """When each person came, for each rate. The ones who came longest ago are forgotten first."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        self._came: dict[tuple[str, str], deque[float]] = {}
        self._now = now
        self._lock = Lock()

    def wait_s(self, rate: Rate, who: str) -> float:
        """Count one more; how long to wait when it is one too many, which is then not counted."""
        with self._lock:
            now = self._now()
            came = self._came.pop((rate.what, who), None) or deque(maxlen=rate.most)
            self._came[rate.what, who] = came
            while len(self._came) > MOST_KNOWN:
                del self._came[next(iter(self._came))]
            if len(came) == rate.most and now - came[0] < rate.every_s:
                return rate.every_s - (now - came[0])
            came.append(now)
            return 0.0

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._came.clear()


counter = _Counter()
log = event_log("web")


def route_of(path: str) -> str:
    """The name of the route an address leads to, or nothing."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def largest_body(path: str) -> int:
    """The bytes a request to this address may carry."""
    return BODIES.get(route_of(path), ANY_BODY)


def rates_for(route: str, method: str) -> tuple[Rate, ...]:
    """The rates a request counts under."""
    own = tuple(rate for rate in RATES if route in rate.routes and rate.method in ("", method))
    return own if route in SECONDS_OF_SOUND | TO_STOP else (*own, ANYTHING)


class WithinLimits:
    """Middleware, after the actor is known: answers 429 to who comes too often and 413 to who sends too much."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on, or say what was too much and that nothing was kept."""
        if getattr(request, "is_body_refused", False):
            log("too.large")
            return told(request, _too_large(request.path_info))
        for rate in rates_for(route_of(request.path_info), request.method or ""):
            if wait_s := counter.wait_s(rate, _who(request)):
                log("too.often", what=rate.what.replace(" ", "-"))
                answer = told(
                    request,
                    TooMany("This came too often in a short time.", then="Wait a minute, then try again."),
                )
                answer.headers["Retry-After"] = str(round(wait_s) + 1)
                return answer
        return self._get_response(request)


def _who(request: HttpRequest) -> str:
    actor = getattr(request, "actor", None)
    return f"person {actor.user_id}" if actor else f"address {request.META.get('REMOTE_ADDR', '')}"


def _too_large(path: str) -> BodyTooLarge:
    most = largest_body(path)
    size = f"{most // MIB} MB" if most >= MIB else f"{most // KIB} KB"
    return BodyTooLarge(
        f"That was more than this page takes ({size}).",
        kept="Nothing of it was kept.",
        then="Send a smaller file.",
    )
