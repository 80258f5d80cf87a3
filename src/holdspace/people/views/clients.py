"""The list of clients, and a new one."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_POST

from holdspace.people import actions, queries
from holdspace.people.forms import ClientForm
from holdspace.people.rules import TREATING
from holdspace.ui.http import Request, page, see


@require_http_methods(["GET", "POST"])
def clients(request: Request) -> HttpResponse:
    """The clients this person may see. What is searched is sent, not asked by address, which a history would keep."""
    words = request.POST.get("words", "").strip()
    return _clients(request, ClientForm(), words)


@require_POST
def add_client(request: Request) -> HttpResponse:
    """Add a client to her own."""
    form = ClientForm(request.POST)
    clinician = queries.own_clinician(request.actor)
    if not form.is_valid() or clinician is None:
        return _clients(request, form)
    client = actions.add_client(request.actor, clinician, **form.cleaned_data)
    return see("chart:client", client.pk)


def _clients(request: Request, form: ClientForm, words: str = "") -> HttpResponse:
    return page(
        request,
        "people/clients.html",
        clients=queries.clients(request.actor, words),
        words=words,
        form=form,
        may_add=request.actor.clinician_id is not None,
        may_open=request.actor.role in TREATING and request.actor.role != "owner",
        place="clients",
    )
