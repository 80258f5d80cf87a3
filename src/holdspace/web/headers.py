"""What every answer carries, whether page, file, error or redirect; and only by HTTPS where that is promised."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from holdspace.web.limits import route_of

HEARING = frozenset({"room:capture", "room:dictate", "room:speaking_voice"})
"""The pages that hear; no other may use a microphone or see a screen."""
NEVER = (
    "accelerometer",
    "autoplay",
    "bluetooth",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "hid",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
WHILE_HEARING = ("microphone", "display-capture")
FOREVER = {
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Permitted-Cross-Domain-Policies": "none",
}


class OnEveryAnswer:
    """Middleware, the outermost of ours. Where HTTPS is promised, plain text gets a redirect for a page and no more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, with the headers on it."""
        answer = _by_https(request) if settings.CONFIG.is_https and not request.is_secure() else None
        answer = answer or self._get_response(request)
        for name, value in FOREVER.items():
            answer.headers.setdefault(name, value)
        answer.headers["Permissions-Policy"] = permissions(route_of(request.path_info))
        return answer


class Messages(CookieStorage):
    """Short words for the next page, in a cookie that by HTTPS no other host can set."""

    @property
    def cookie_name(self) -> str:  # type: ignore[override]  # a plain string in Django
        """As the other cookies are called."""
        return "__Host-messages" if settings.CONFIG.is_https else "messages"


def permissions(route: str) -> str:
    """The browser's features a page may use."""
    mine = WHILE_HEARING if route in HEARING else ()
    return ", ".join(f"{feature}=({'self' if feature in mine else ''})" for feature in NEVER)


def _by_https(request: HttpRequest) -> HttpResponse:
    """The same page by HTTPS for who only looks; for anything that is sent, nothing: it was readable on its way."""
    if request.method in ("GET", "HEAD") and request.headers.get("HX-Request") != "true":
        return HttpResponseRedirect(f"https://{request.get_host()}{request.get_full_path()}")
    return HttpResponse(
        "This server takes nothing that was not sent by HTTPS.\n",
        status=403,
        content_type="text/plain; charset=utf-8",
    )
