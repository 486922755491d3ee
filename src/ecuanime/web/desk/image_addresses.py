"""The signed addresses under which a message's remote images can be fetched, and nothing else."""

from __future__ import annotations

from urllib.parse import urlencode

from django.core.signing import BadSignature, Signer
from django.urls import reverse

from ecuanime.tickets.models import Message

_SIGNER = "remote-image"


def proxied(message: Message, url: str) -> str:
    """Our own address for a remote image of a message."""
    signed = Signer(salt=_SIGNER).sign_object([message.pk, url])
    return f"{reverse('remote_image')}?{urlencode({'u': signed})}"


def unsigned(signed: str) -> tuple[int, str] | None:
    """The message and the remote address that we signed, or None."""
    try:
        message, url = Signer(salt=_SIGNER).unsign_object(signed)
    except (BadSignature, ValueError, TypeError):
        return None
    return message, url
