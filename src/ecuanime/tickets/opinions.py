"""The signed link by which a contact says what they thought: whoever holds it may answer, and nothing else."""

from __future__ import annotations

from django.conf import settings
from django.core.signing import BadSignature, Signer

from ecuanime.tickets.models import Opinion

_SALT = "ecuanime.tickets.opinion"


def opinion_link(opinion: Opinion) -> str:
    """The address of the page on which it is answered."""
    return f"{settings.ECUANIME_URL}/opinion/{Signer(salt=_SALT).sign(str(opinion.pk))}/"


def opinion_by_token(token: str) -> Opinion | None:
    """The question that a link belongs to; None for one that we did not sign."""
    try:
        key = Signer(salt=_SALT).unsign(token)
    except BadSignature:
        return None
    related = ("ticket__client", "ticket__contact", "ticket__mailbox", "contact")
    return Opinion.objects.select_related(*related).filter(pk=int(key)).first()
