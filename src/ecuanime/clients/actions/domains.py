"""Mail domains confirmed as one client's alone: mail from an unknown address there is still the client's."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.clients.events import DomainConfirmed
from ecuanime.clients.mail_domains import domain_of, is_public_mail, normalised
from ecuanime.clients.models import Client, ClientDomain
from ecuanime.delivery.models import Mailbox
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.events import publish


@transaction.atomic
def confirm_domain(*, client: Client, domain: str, by: User | None, now: datetime) -> ClientDomain:
    """Note that everybody who writes from `domain` belongs to the client; the same again changes nothing.

    Refuses `bad_domain`, `public_mail` (anybody can have an address there), `own_domain` (the firm's own mailboxes)
    and `domain_taken`.
    """
    name = normalised(domain)
    if name is None:
        raise Refused(
            "bad_domain", _("This is not a mail domain. Write what stands after the @, as in example.com.")
        )
    if is_public_mail(name):
        text = _(
            "Anybody can have an address at %(domain)s, so it cannot stand for one client. Add contacts instead."
        )
        raise Refused("public_mail", text % {"domain": name})
    if any(domain_of(address) == name for address in Mailbox.objects.values_list("address", flat=True)):
        raise Refused("own_domain", _("That is your own firm's domain, so it cannot stand for a client."))
    Client.objects.select_for_update().get(pk=client.pk)
    kept, is_new = ClientDomain.objects.select_related("client").get_or_create(
        domain=name, defaults={"client": client, "confirmed_at": now, "confirmed_by": by}
    )
    if kept.client_id != client.pk:
        text = _("%(domain)s is confirmed for %(client)s. Remove it there first if that was wrong.")
        raise Refused("domain_taken", text % {"domain": name, "client": kept.client.name})
    if is_new:
        publish(DomainConfirmed(client_id=client.pk, domain=name))
        audit.record("domain_confirmed", kept, now=now, client=client.pk, domain=name)
    return kept


@transaction.atomic
def remove_domain(*, domain: ClientDomain, now: datetime) -> None:
    """Mail from unknown addresses of this domain goes to triage again; tickets stay where they are."""
    audit.record("domain_removed", domain, now=now, client=domain.client_id, domain=domain.domain)
    domain.delete()
