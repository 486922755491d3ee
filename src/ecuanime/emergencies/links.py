"""The ways by which a person of a client reaches a case: the portal with an account, else a signed link."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.core.signing import BadSignature, Signer

from ecuanime.clients.models import Contact
from ecuanime.emergencies.models import CaseLink, Emergency

LASTS = timedelta(days=30)
"""From the latest mail that carried it."""
_SALT = "ecuanime.emergencies.link"


def path_of_link(link: CaseLink) -> str:
    """The path of the page that a link opens. Its key is signed, so that none can be guessed."""
    return f"/caso/{Signer(salt=_SALT).sign(str(link.pk))}/"


def portal_url(emergency: Emergency) -> str:
    """Where somebody with an account reads a case."""
    return f"{settings.ECUANIME_URL}/portal/emergencias/{emergency.number}/"


def link_by_key(key: str) -> CaseLink | None:
    """The link that a key was signed for, whatever became of it; None for one that we did not sign."""
    try:
        found = Signer(salt=_SALT).unsign(key)
    except BadSignature:
        return None
    related = ("contact__client", "contact__user", "emergency")
    return CaseLink.objects.select_related(*related).filter(pk=int(found)).first()


def may_come_back(link: CaseLink) -> bool:
    """Whether a new link may be mailed to whoever asks with this one: nobody took it away, and they are still there."""
    return link.revoked_at is None and link.contact.is_active and link.contact.client.is_active


def is_good(link: CaseLink, *, now: datetime) -> bool:
    """Whether a link opens its case."""
    return may_come_back(link) and now < link.expires_at


def links_of(emergency: Emergency) -> list[CaseLink]:
    """The links that were given to a case, the oldest first."""
    return list(emergency.links.select_related("contact", "revoked_by"))


def standing_way(emergency: Emergency, contact: Contact) -> str | None:
    """The path under which a person reads a case now; None where their link was taken away. It makes none."""
    if has_account(contact):
        return portal_url(emergency)
    link = emergency.links.filter(contact=contact, revoked_at=None).first()
    return path_of_link(link) if link else None


def has_account(contact: Contact) -> bool:
    """Whether they read a case in the portal."""
    return contact.user_id is not None
