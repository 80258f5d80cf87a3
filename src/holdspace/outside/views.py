"""What may leave this machine: the list, and the owner's hand on it."""

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from holdspace.errors import HoldspaceError
from holdspace.outbound.door import host_named
from holdspace.outbound.standing import standing
from holdspace.outside import actions, queries
from holdspace.outside.forms import HostForm
from holdspace.outside.rules import AGREEMENTS, PURPOSES
from holdspace.people.fresh import fresh
from holdspace.ui.http import Request, page, see


@require_http_methods(["GET", "POST"])
@fresh
def hosts(request: Request) -> HttpResponse:
    """The hosts that may be reached, what they were sent, and a form to allow one more."""
    practice = queries.practice_to_open(request.actor)
    form = HostForm(request.POST or None)
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("host", "purpose", "reason", "is_ours")}
        try:
            actions.allow_host(request.actor, practice, agreement=form.agreement(), **given)
        except HoldspaceError as error:
            form.add_error(None, str(error))
        else:
            return see("outside:hosts")
    return page(
        request,
        "outside/hosts.html",
        form=form,
        allowed=queries.hosts(request.actor),
        ended=queries.hosts(request.actor, is_ended=True),
        sent=queries.sent_to(request.actor),
        speech=host_named(settings.CONFIG.speech_url),
        language=_language_waiting(request),
        purposes=PURPOSES,
        agreements=AGREEMENTS,
        place="practice",
    )


@require_POST
def end(request: Request, host_id: int) -> HttpResponse:
    """Take a host off the list."""
    queries.practice_to_open(request.actor)
    actions.end_host(request.actor, queries.host(request.actor, host_id))
    return see("outside:hosts")


@require_GET
def tried(request: Request) -> HttpResponse:
    """Every way out of the server, tried now."""
    queries.practice_to_open(request.actor)
    found = standing()
    return page(
        request,
        "outside/tried.html",
        tried=found,
        refused=sum(one.is_refused for one in found),
        place="practice",
    )


def _language_waiting(request: Request) -> str:
    """The host of LANGUAGE_URL while nobody has allowed it."""
    url = settings.CONFIG.language_url
    return host_named(url) if url and queries.language_server(request.actor) is None else ""
