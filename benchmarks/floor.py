"""The floor that screens are measured against: a logged-in Django page with one indexed query, and nothing of ours."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.template import Context, Engine
from django.urls import path

from ecuanime.tickets.models import Ticket

SETTINGS = {
    "ROOT_URLCONF": __name__,
    "MIDDLEWARE": [
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
    ],
    "SESSION_ENGINE": "django.contrib.sessions.backends.db",
    "AUTHENTICATION_BACKENDS": ["allauth.account.auth_backends.AuthenticationBackend"],
}
PATH = "/suelo/"
PAGE = Engine().from_string(
    "<!doctype html><title>{{ user }}</title><table>{% for row in rows %}<tr><td>{{ row.number }}</td>"
    "<td>{{ row.subject }}</td><td>{{ row.state }}</td><td>{{ row.last_message_at }}</td></tr>{% endfor %}</table>"
)


@login_required
def floor(request: HttpRequest) -> HttpResponse:
    """The fifty tickets with the latest messages as a bare table."""
    rows = Ticket.objects.order_by("-last_message_at", "-id")[:50]
    return HttpResponse(PAGE.render(Context({"rows": rows, "user": request.user})))


urlpatterns = [path(PATH.lstrip("/"), floor)]
