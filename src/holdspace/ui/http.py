"""The typed request: who acts and whether HTMX asked, so that views say what they need and mypy checks it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django_htmx.middleware import HtmxDetails

from holdspace.access.actor import Actor


class Request(HttpRequest):
    """A request past the middleware: `actor` is signed in, `htmx` is true when a fragment is wanted."""

    actor: Actor
    htmx: HtmxDetails


def page(request: HttpRequest, template: str, **context: Any) -> HttpResponse:
    """A whole page or a fragment, from its template."""
    return render(request, template, context)


def see(name: str, *args: object, query: str = "", anchor: str = "") -> HttpResponse:
    """Done; look here (303 in spirit: a reload does not do it twice)."""
    address = reverse(name, args=args) + (f"?{query}" if query else "") + (f"#{anchor}" if anchor else "")
    return HttpResponseRedirect(address)
