"""What a person is told when a record cannot be written: the fault, and the way on."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from ecuanime.billing.packs.es.verifactu import Fault

_WORDS = {
    "nif": gettext_noop(
        "“%(value)s” is not a NIF as the tax agency writes it: nine characters without spaces. Correct your firm's."
    ),
    "serial_empty": gettext_noop("The document has no number."),
    "serial_long": gettext_noop("The number %(value)s is longer than the 60 characters that a record holds."),
    "serial_space": gettext_noop("The number “%(value)s” has a space in it, which a record must not have."),
    "serial_characters": gettext_noop(
        "The number %(value)s has characters that a record must not have: only plain letters, digits and signs."
    ),
    "date_early": gettext_noop("Records begin on 28 October 2024, and this document is dated %(value)s."),
    "date_future": gettext_noop("The document is dated %(value)s, after the moment of its record."),
    "no_offset": gettext_noop("The moment of the record has no time zone."),
    "system": gettext_noop(
        "What the firm declares about its program does not fit (“%(value)s”). See the settings of Spain."
    ),
    "name": gettext_noop("The record must name both parties, and one has no name."),
    "description": gettext_noop("The record must say what the invoice is for: describe its lines."),
    "recipient_missing": gettext_noop("The record must name whom the invoice is for."),
    "recipient_nif": gettext_noop(
        "“%(value)s” is not a NIF as the tax agency writes it: nine characters without spaces. Correct the client's."
    ),
    "recipient_id": gettext_noop(
        "The client's tax id “%(value)s” is longer than the 20 characters of a record."
    ),
    "correction_missing": gettext_noop("A correction must name the invoice that it corrects."),
    "correction_unasked": gettext_noop("Only corrections name an invoice that they correct."),
    "details": gettext_noop(
        "A record breaks an invoice down into 1 to 12 taxes, and this one has %(value)s."
    ),
    "rate_missing": gettext_noop("A tax that is charged needs its rate and its amount."),
    "rate_unasked": gettext_noop("What is exempt, not subject or reversed bears neither rate nor amount."),
    "regime": gettext_noop("The key of the regime %(value)s does not go with its tax."),
    "operation_future": gettext_noop("The work is dated %(value)s, after the moment of the record."),
    "amount": gettext_noop("The amount is larger than a record holds."),
    "totals": gettext_noop("The taxes of the document do not add up to its total."),
}


def sentences(faults: Sequence[Fault]) -> str:
    """All that is wrong, each thing once, for the person."""
    said = (_(_WORDS[fault.code]) % {"value": fault.value} for fault in faults)
    return " ".join(dict.fromkeys(said))
