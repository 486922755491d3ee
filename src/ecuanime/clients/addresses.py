"""Mail addresses of clients and their people."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from ecuanime.foundation.errors import Refused


def require_address(email: str) -> None:
    """Refuse `bad_email` for what is no mail address."""
    try:
        validate_email(email)
    except ValidationError as error:
        raise Refused("bad_email", _("This is not an e-mail address. Check how it is written.")) from error
