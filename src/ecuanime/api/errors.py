"""How the API says no: always {code, message}, the message in the language of whoever asks."""

from __future__ import annotations

import logging
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from ecuanime.foundation.errors import Refused
from ecuanime.foundation.paging import UnreadableCursor
from ecuanime.rules.scenario import Wrong
from ecuanime.worklog.scenarios import say_wrong

_STATUSES = {"not_allowed": 403, "not_yours": 403, "not_found": 404}
logger = logging.getLogger(__name__)


class NotAllowed(Exception):
    """The person may not see or do this kind of thing."""


class ReadOnly(Exception):
    """A token that only reads was used to write."""


class BadKey(Exception):
    """A write without an idempotency key, or with one that cannot be kept."""


class KeyReused(Exception):
    """An idempotency key that came with something else before."""


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


def status_of(refusal: Refused) -> int:
    """The status that says what kind of refusal an action's is."""
    return _STATUSES.get(refusal.code, 422)


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
        return say(request, 403, "not_allowed", _("Your account may not see or do this."))

    @api.exception_handler(ReadOnly)
    def read_only(request: HttpRequest, error: Any) -> HttpResponse:
        text = _("This token only reads. Make one that may write, in your account.")
        return say(request, 403, "read_only", text)

    @api.exception_handler(BadKey)
    def bad_key(request: HttpRequest, error: Any) -> HttpResponse:
        text = _(
            "A write needs a header “Idempotency-Key” of its own: 1 to 200 letters, digits and signs, without spaces."
        )
        return say(request, 400, "bad_key", text)

    @api.exception_handler(KeyReused)
    def key_reused(request: HttpRequest, error: Any) -> HttpResponse:
        text = _(
            "This key came with another request before, so nothing was done. Use a new key for a new request."
        )
        return say(request, 409, "key_reused", text)

    @api.exception_handler(HttpError)
    def bad_body(request: HttpRequest, error: Any) -> HttpResponse:
        return say(request, 400, "bad_body", _("What was sent is no JSON that can be read."))

    @api.exception_handler(Refused)
    def refused(request: HttpRequest, error: Any) -> HttpResponse:
        return say(request, status_of(error), error.code, str(error))

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
