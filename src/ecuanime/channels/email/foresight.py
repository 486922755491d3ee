"""Looking up together what filing will ask about each mail of a batch, so that it asks the database once."""

from __future__ import annotations

from collections.abc import Iterable

from ecuanime.channels.email.reading import ParsedMail
from ecuanime.clients.queries import recognise, recognise_all
from ecuanime.contracts.queries import accepted_by, accepted_by_all
from ecuanime.contracts.service_levels import foresee_levels
from ecuanime.delivery.addresses import is_returned, returned_among
from ecuanime.foundation.remembering import foresee


def foresee_senders(mails: Iterable[ParsedMail]) -> None:
    """Whose the senders are, what their clients agreed to and are promised, and whether mail came back from them."""
    senders = {mail.author.address for mail in mails if mail.author}
    if not senders:
        return
    known = recognise_all(senders)
    for sender, found in known.items():
        foresee(found, recognise, sender)
    clients = {found.client.pk: found.client for found in known.values() if found}.values()
    agreed = accepted_by_all(clients) if clients else {}
    for client, contracts in agreed.items():
        foresee(contracts, accepted_by, client)
    foresee_levels(agreed)
    returned = {one.address for one in returned_among(senders)}
    for address in {sender.lower() for sender in senders}:
        foresee(address in returned, is_returned, address)
