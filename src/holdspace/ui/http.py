"""The typed request: who acts and whether HTMX asked, so that views say what they need and mypy checks it."""

from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.middleware import HtmxDetails

from holdspace.access.actor import Actor


class Request(HttpRequest):
    """A request past the middleware: `actor` is signed in, by `sign_in`; `htmx` is true when a fragment is wanted."""

    actor: Actor
    sign_in: Any
    htmx: HtmxDetails


MOST_DIGITS = 18


def whole_number(text: str) -> int | None:
    """The number somebody sent, if it is one that a row could have: plain digits, and not too many of them."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= MOST_DIGITS else None


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A whole page or a fragment, from its template."""
    return render(request, template, context)


def download(name: str, body: bytes | str, *, kind: str = "application/pdf") -> HttpResponse:
    """A file to keep. Its name says nobody's name: it will lie in a folder of downloads."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(body, content_type=kind, headers=headers)


def own_path(request: HttpRequest, address: str) -> str:
    """The path of `address` when it is a page of this site, else nothing: no way out to elsewhere."""
    if not address or not url_has_allowed_host_and_scheme(address, {request.get_host()}):
        return ""
    parts = urlsplit(address)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    # Without its host a path can name another one: of http://ours//theirs it leaves //theirs. So it is looked at again.
    return path if url_has_allowed_host_and_scheme(path, None) else ""


def see(name: str, *args: object, query: str = "", anchor: str = "") -> HttpResponse:
    """Done; look here (303 in spirit: a reload does not do it twice)."""
    address = reverse(name, args=args) + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")
    return HttpResponseRedirect(address)
