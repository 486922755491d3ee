"""Acting on what was sent: what was done is said, and a refusal is shown where it can be put right."""

from __future__ import annotations

from collections.abc import Callable

from django.forms import BaseForm
from django.http import HttpRequest

from ecuanime.foundation.errors import Refused
from ecuanime.web.components.toasts import say, say_refused
from ecuanime.web.refusals import tell


def done(request: HttpRequest, form: BaseForm, act: Callable[[], object], said: str) -> bool:
    """Whether a posted, valid form was acted on; a refusal is shown in the form."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act()
    except Refused as refusal:
        tell(form, refusal)
        return False
    say(request, said)
    return True


def attempt(request: HttpRequest, act: Callable[[], object], said: str) -> None:
    """Act on a button; what came of it is said on the next page."""
    try:
        act()
    except Refused as refusal:
        say_refused(request, str(refusal))
    else:
        say(request, said)


def status_of(*forms: BaseForm) -> int:
    """422 when something was sent that has to be corrected."""
    return 422 if any(form.is_bound and form.errors for form in forms) else 200
