"""What emergencies hear: money came in, perhaps for a guarantee."""

from __future__ import annotations

from ecuanime.billing.events import PaymentRecorded
from ecuanime.emergencies.actions import note_paid
from ecuanime.emergencies.models import Emergency
from ecuanime.foundation.clock import read_clock
from ecuanime.foundation.events import hears


@hears(PaymentRecorded)
def open_paid_work(event: PaymentRecorded) -> None:
    """Work opens once its guarantee is paid whole; again changes nothing."""
    if event.invoice_id is None:
        return
    for emergency in Emergency.objects.filter(guarantee=event.invoice_id):
        note_paid(emergency=emergency, now=read_clock())
