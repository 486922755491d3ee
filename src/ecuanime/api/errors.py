"""How the API says no: always {code, message}, the message in the language of whoever asks."""

from __future__ import annotations

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, ValidationError

from ecuanime.foundation.paging import UnreadableCursor
from ecuanime.rules.scenario import Wrong
from ecuanime.worklog.scenarios import say_wrong

logger = logging.getLogger(__name__)


class NotAllowed(Exception):
    """The person may not see this kind of thing."""


class TooMany(Exception):
    """The token was used too often; `wait` says for how many seconds it is refused."""

    def __init__(self, wait: int) -> None:
        super().__init__(wait)
        self.wait = wait


class BadScenario(Exception):
    """A scenario that cannot be rated; `wrong` says where and why."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(str(wrong))
        self.wrong = wrong


class UnknownParameter(Exception):
    """A parameter that the operation does not know: left out silently, it would give more than was asked for."""


def install(api: NinjaAPI) -> None:
    """Let `api` answer everything that goes wrong in this shape."""

    def say(request: HttpRequest, status: int, code: str, message: str, **more: Any) -> HttpResponse:
        return api.create_response(request, {"code": code, "message": message, **more}, status=status)

    @api.exception_handler(AuthenticationError)
    def no_token(request: HttpRequest, error: Any) -> HttpResponse:
        text = _("This address wants a token that works, in the header “Authorization: Bearer …”.")
        response = say(request, 401, "no_token", text)
        given = ', error="invalid_token"' if "Authorization" in request.headers else ""
        response["WWW-Authenticate"] = f'Bearer realm="ecuanime"{given}'
        return response

    @api.exception_handler(TooMany)
    def too_many(request: HttpRequest, error: Any) -> HttpResponse:
        text = _("This token was used too often. Try again in %(seconds)s seconds.") % {"seconds": error.wait}
        response = say(request, 429, "too_many", text)
        response["Retry-After"] = str(error.wait)
        return response

    @api.exception_handler(NotAllowed)
    def not_allowed(request: HttpRequest, error: Any) -> HttpResponse:
        return say(request, 403, "not_allowed", _("Your account may not see this."))

    @api.exception_handler(BadScenario)
    def bad_scenario(request: HttpRequest, error: Any) -> HttpResponse:
        wrong: Wrong = error.wrong
        return say(
            request, 422, "bad_scenario", say_wrong(wrong), path=wrong.path, reason=wrong.problem.value
        )

    @api.exception_handler(Http404)
    def not_found(request: HttpRequest, error: Any) -> HttpResponse:
        return say(request, 404, "not_found", _("There is no such thing, or your account may not see it."))

    @api.exception_handler(UnreadableCursor)
    def bad_cursor(request: HttpRequest, error: Any) -> HttpResponse:
        text = _("This cursor is of no page of this list. Start without one, and pass on what “next” says.")
        return say(request, 422, "bad_cursor", text)

    @api.exception_handler(UnknownParameter)
    def unknown_parameter(request: HttpRequest, error: Any) -> HttpResponse:
        text = _("This list does not know the parameter %(name)s.") % {"name": str(error)[:60]}
        return say(request, 422, "unknown_parameter", text)

    @api.exception_handler(ValidationError)
    def bad_parameter(request: HttpRequest, error: Any) -> HttpResponse:
        wrong = [{"name": str(each["loc"][-1]), "reason": each["type"]} for each in error.errors]
        names = ", ".join(each["name"] for each in wrong)
        text = _("A parameter has a value that it cannot have: %(names)s.") % {"names": names}
        return say(request, 422, "bad_parameter", text, parameters=wrong)

    @api.exception_handler(Exception)
    def failed(request: HttpRequest, error: Any) -> HttpResponse:
        logger.error("the API failed at %s", request.path, exc_info=error)
        return say(request, 500, "failed", _("Something went wrong here; it was noted. Try again later."))
