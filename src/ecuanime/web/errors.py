"""What a request that cannot be served is answered: words in the reader's language, or JSON for programs."""

from __future__ import annotations

import sys
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views import defaults

from ecuanime.accounts.models import Language
from ecuanime.web.guards import page_before

Handler = Callable[[HttpRequest], HttpResponse]

TOO_LARGE = "ecuanime.too_large"
"""Of the web server, in a request whose body it read past because it was larger than `ECUANIME_MAX_UPLOAD_MB`."""
RETRY_SECONDS = "20"


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400; 413 where the form was larger than we take."""
    if isinstance(exception, RequestDataTooBig | TooManyFilesSent):
        return too_large(request)
    if of_a_program(request):
        return _said(400, "bad_request", _("What was sent cannot be read."))
    return _page(request, "400.html", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403, with the place where the person may go on."""
    return _page(request, "403.html", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404."""
    if of_a_program(request):
        return _said(404, "not_found", _("There is no such thing, or your account may not see it."))
    return defaults.page_not_found(request, exception or Http404())


def server_error(request: HttpRequest) -> HttpResponse:
    """500; 503 while the database does not answer. Neither reads anything: what failed once would fail again."""
    is_down = isinstance(sys.exception(), OperationalError | InterfaceError)
    status = 503 if is_down else 500
    with translation.override(_language(request)):
        if not of_a_program(request):
            answer = HttpResponse(render_to_string(f"{status}.html"), status=status)
        elif is_down:
            answer = _said(503, "unavailable", _("The database does not answer. Try again in a moment."))
        else:
            answer = _said(500, "failed", _("Something went wrong here; it was noted. Try again later."))
        answer["Content-Language"] = translation.get_language() or "es"
    if is_down:
        answer["Retry-After"] = RETRY_SECONDS
    return answer


def too_large(request: HttpRequest) -> HttpResponse:
    """413, with the way back to the page on which the form stands."""
    if of_a_program(request):
        return _said(413, "too_large", _("The request is larger than this installation takes."))
    return _page(request, "413.html", 413, back_url=page_before(request))


def in_words(get_response: Handler) -> Handler:
    """Answer what the web server read past, and give words to a method that an address does not take."""

    def respond(request: HttpRequest) -> HttpResponse:
        if request.META.get(TOO_LARGE):
            return too_large(request)
        answer = get_response(request)
        if answer.status_code == 405 and not answer.content and not of_a_program(request):
            page = _page(request, "405.html", 405, back_url=page_before(request))
            page["Allow"] = answer["Allow"]
            return page
        return answer

    return respond


def of_a_program(request: HttpRequest) -> bool:
    """Whether a program asks, which reads no pages."""
    return request.path.startswith("/api/")


def _said(status: int, code: str, message: str) -> JsonResponse:
    return JsonResponse({"code": code, "message": message}, status=status)


def _page(request: HttpRequest, template: str, status: int, **context: object) -> HttpResponse:
    return render(request, template, context, status=status)


def _language(request: HttpRequest) -> str:
    """The reader's language without asking the database: as found before it failed, else as the browser says."""
    if known := getattr(request, "LANGUAGE_CODE", ""):
        active = translation.get_language() or ""
        return active if active.startswith(known) else known
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if chosen in Language.values:
        return chosen
    return translation.get_language_from_request(request).split("-")[0]
