"""What a contact thought of a ticket: a page by signed link, for people without an account too."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.errors import Refused
from ecuanime.tickets.actions import give_opinion
from ecuanime.tickets.letters import language_of
from ecuanime.tickets.models import Level, Opinion
from ecuanime.tickets.opinions import opinion_by_token
from ecuanime.web.guards import public

FACES = {1: "mood-cry", 2: "mood-sad", 3: "mood-neutral", 4: "mood-smile", 5: "mood-happy"}


@public
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def opinion(request: HttpRequest, token: str) -> HttpResponse:
    """Five faces and room for a comment. Opening it, as mail scanners do, answers nothing."""
    found = opinion_by_token(token)
    if found is None:
        raise Http404
    with translation.override(language_of(found.ticket)):
        if request.method != "POST":
            return _page(request, found, thanks="gracias" in request.GET)
        level, comment = request.POST.get("level", ""), request.POST.get("comment", "")
        try:
            give_opinion(
                opinion=found, level=int(level) if level in _LEVELS else 0, comment=comment, now=read_clock()
            )
        except Refused as refusal:
            found.level, found.comment = (int(level) if level in _LEVELS else None), comment
            return _page(request, found, refusal=str(refusal))
    return redirect(f"{request.path}?gracias=1")


_LEVELS = frozenset(str(level) for level in Level.values)


def _page(request: HttpRequest, found: Opinion, *, thanks: bool = False, refusal: str = "") -> HttpResponse:
    context = {
        "opinion": found,
        "ticket": found.ticket,
        "levels": [(level.value, level.label, FACES[level.value]) for level in Level],
        "thanks": thanks and found.answered_at is not None,
        "refusal": refusal,
        "button": _("Change it") if found.answered_at else _("Send it"),
    }
    return render(request, "public/opinion.html", context, status=422 if refusal else 200)
