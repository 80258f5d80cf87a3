"""Turns an error of ours into a page, or a notice beside the form: what happened, what was kept, what next.

Missing and forbidden look alike: both are the same 404.
"""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from holdspace.access.throttle import TooMany
from holdspace.audit.log import event_log
from holdspace.errors import BadInput, Gone, HoldspaceError, NotAllowed, NotReady, Refused, Unavailable
from holdspace.ui.http import own_path
from holdspace.ui.uploads import BodyTooLarge

log = event_log("ui")

STATUSES: tuple[tuple[type[HoldspaceError], int], ...] = (
    (TooMany, 429),
    (BodyTooLarge, 413),
    (BadInput, 422),
    (Gone, 410),
    (Refused, 409),
    (NotReady, 409),
    (Unavailable, 503),
)


class ErrorsMadePlain:
    """Middleware. HTMX gets the notice alone (base.html sends it to #notices), everyone else a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on; errors come back through `process_exception`."""
        return self._get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page for `error`, or None when it is not one of ours."""
        if isinstance(error, NotAllowed):
            return missing(request, Http404())
        return told(request, error) if isinstance(error, HoldspaceError) else None


def told(request: HttpRequest, error: HoldspaceError) -> HttpResponse:
    """An error of ours as a page, or as the notice alone."""
    status = next((code for kind, code in STATUSES if isinstance(error, kind)), 500)
    return _answer(request, status, what=error.what, kept=error.kept, then=error.then)


def missing(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's handler404
    """Not there, or not for this person: the same words for both."""
    return _answer(
        request,
        404,
        what="There is no such page.",
        kept="",
        then="It may have moved, or the address has a slip.",
    )


def unclear(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's handler400
    """A request that no page of ours sends: an unknown host, too many fields, a damaged cookie."""
    return _answer(
        request,
        400,
        what="Holdspace does not understand this request.",
        kept="Nothing was changed.",
        then="Open the first page again and begin from there.",
    )


def refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  # Django's CSRF_FAILURE_VIEW
    """The form came from somewhere else, or from before this sign-in."""
    log("form.refused")
    return _answer(
        request,
        403,
        what="This form is too old to trust.",
        kept="Nothing was changed.",
        then="Go back, load the page again, and send it once more.",
    )


def elsewhere(request: HttpRequest) -> HttpResponse:
    """A link on another site, to a page that leaves something when it is opened."""
    log("link.refused")
    return _answer(
        request,
        403,
        what="Another site led here, and opening this page leaves something in the record.",
        kept="Nothing was changed.",
        then="Open it from Holdspace itself.",
    )


def broken(request: HttpRequest) -> HttpResponse:
    """Django's handler500: nothing is known about the fault here, so only the transaction is promised."""
    return _answer(
        request,
        500,
        what="Holdspace made a mistake.",
        kept="Nothing of this step was saved; everything before it was.",
        then="Try once more. If it happens again, `holdspace doctor` says what is wrong.",
    )


def _answer(request: HttpRequest, status: int, *, what: str, kept: str, then: str) -> HttpResponse:
    is_fragment = request.headers.get("HX-Request") == "true"
    template = "ui/components/notice.html" if is_fragment else "ui/error.html"
    back = request.headers.get("Referer", "") if request.method == "POST" and status != 400 else ""
    words = {"what": what, "kept": kept, "then": then, "tone": "stop"}
    return render(
        request,
        template,
        {**words, "back": own_path(request, back) or "/", "back_text": "Go back"},
        status=status,
    )
