"""A firm in Mexico whose invoices are stamped by a double of a PAC on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from ecuanime.accounts.models import Role, User
from ecuanime.billing.actions import ensure_cfdi_pdf, ensure_pdf
from ecuanime.billing.actions import mexico as actions
from ecuanime.billing.models import Cfdi, Invoice, MexicoSettings
from ecuanime.billing.packs.mx.pac import services
from ecuanime.billing.packs.mx.pac.cancelling import cancel_due
from ecuanime.billing.packs.mx.pac.contract import Service
from ecuanime.billing.packs.mx.pac.outbox import stamp_due
from ecuanime.billing.packs.mx.receivers import ReceiverFacts
from tests.csd import COMPANY_RFC, CSD_PASSWORD, csd_files
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing, by_the_minute, make_billing, make_issuing_firm
from tests.pac import PASSWORD, USER, PacDouble, pac_on_this_machine

CLIENT_RFC = "URE180429TM6"
RECEIVER = ReceiverFacts("UNIVERSIDAD ROBOTICA ESPAÑOLA", "86991", "601", "G03")
IN_MEXICO = {
    "country": "MX",
    "city": "Villahermosa",
    "tax_id": CLIENT_RFC,
    "postcode": "86991",
    "language": "es",
}
SETTINGS = actions.MexicoChanges(
    name="ESCUELA KEMPER URGATE",
    regime="601",
    environment=MexicoSettings.Environment.PRODUCTION,
    username=USER,
    password=PASSWORD,
    checks=False,
)
"""The double of the PAC holds what it gets against the SAT's files; test_official.py has the firm do so."""


@dataclass
class Stamping:
    """The firm, the double, and a clock that tests move."""

    billing: Billing
    pac: PacDouble
    admin: User
    now: datetime = MONTH_END

    def clock(self) -> datetime:
        return self.now

    def draft(self, minutes: int = 60) -> Invoice:
        """A draft of so much time."""
        self.billing.approved(minutes)
        return Billing(self.billing.office, self.billing.clerk, self.now).draft()

    def issue(self, minutes: int = 60) -> Invoice:
        """An invoice of so much time, issued now and waiting for its stamp."""
        draft = self.draft(minutes)
        return Billing(self.billing.office, self.billing.clerk, self.now).issue(draft)

    def stamp(self, after: timedelta = timedelta(0)) -> int:
        """What the regular job does, so much later."""
        self.now += after
        return stamp_due(self.clock)

    def cancel(self, after: timedelta = timedelta(0)) -> int:
        """What the regular job does about cancellations, so much later."""
        self.now += after
        return cancel_due(self.clock)

    def sent(self) -> None:
        """What the jobs do after a stamp: each PDF is drawn and its mail queued."""
        for issued in Invoice.objects.filter(is_held=False):
            ensure_pdf(invoice=issued, now=self.now)
        for row in Cfdi.objects.select_related("invoice"):
            ensure_cfdi_pdf(cfdi=row, now=self.now)

    def stamped(self, minutes: int = 60) -> Invoice:
        """An invoice with its stamp."""
        issued = self.issue(minutes)
        assert self.stamp() == 1
        issued.refresh_from_db()
        return issued


def make_mexican_billing(**client: Any) -> Billing:
    """A firm in Mexico City with a client in Tabasco on 950.00 pesos an hour by the minute; nothing is set up yet."""
    billing = make_billing(
        version=by_the_minute("950", currency="MXN"), **(IN_MEXICO | {"currency": "MXN"} | client)
    )
    make_issuing_firm(
        name="Escuela Kemper Urgate, S.A. de C.V.",
        country="MX",
        currency="MXN",
        tax_id=COMPANY_RFC,
        city="Ciudad de México",
        postcode="06500",
        iban="",
        time_zone="America/Mexico_City",
    )
    return billing


@contextmanager
def stamping_firm(monkeypatch: pytest.MonkeyPatch, **client: Any) -> Iterator[Stamping]:
    """All is set up, in earnest; the PAC's addresses lead to the double."""
    with pac_on_this_machine() as double:
        place = Service(double.url, is_internal=True, cancel_url=double.url)
        monkeypatch.setattr(services, "SERVICES", dict.fromkeys(services.SERVICES, place))
        for module in ("outbox", "cancelling"):
            monkeypatch.setattr(f"ecuanime.billing.packs.mx.pac.{module}.SERVICES", services.SERVICES)
        billing = make_mexican_billing(**client)
        admin = make_person(Role.ADMINISTRATOR, name="Adela Prueba", language="en")
        keep_seal(admin)
        actions.save_mexico_settings(changes=SETTINGS, by=admin, now=MONTH_END)
        actions.save_receiver(client=billing.client, facts=RECEIVER, by=admin, now=MONTH_END)
        yield Stamping(billing, double, admin)


def keep_seal(admin: User, *, now: datetime = MONTH_END, **values: Any) -> None:
    """The firm's CSD, kept."""
    files = csd_files(**values)
    actions.keep_seal(certificate=files.certificate, key=files.key, password=CSD_PASSWORD, by=admin, now=now)


def cfdi_of(invoice: Invoice) -> Cfdi:
    """The newest CFDI of a document or of its payments."""
    return Cfdi.objects.filter(invoice=invoice).latest("pk")
