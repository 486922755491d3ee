"""A firm in Spain that sends its records to a double of the tax agency on this machine."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest

from ecuanime.accounts.models import Role, User
from ecuanime.billing.actions.spain import agency as actions
from ecuanime.billing.models import (
    AgencyQueue,
    Environment,
    FiscalChain,
    FiscalRecord,
    Invoice,
    Submission,
    Verdict,
)
from ecuanime.billing.packs.es.agency import services
from ecuanime.billing.packs.es.agency.outbox import send_due
from ecuanime.billing.packs.es.agency.services import Service
from tests.agency import Agency, agency_on_this_machine
from tests.certificates import PASSWORD, authority, of_company
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing
from tests.factories.fiscal import FIRM_NIF, make_spanish_billing


@dataclass
class Sending:
    """The firm, the double, and a clock that tests move."""

    billing: Billing
    agency: Agency
    admin: User
    now: datetime = MONTH_END

    def clock(self) -> datetime:
        return self.now

    def issue(self, count: int = 1) -> list[Invoice]:
        """So many invoices, issued now."""
        return [self._issued() for _ in range(count)]

    def _issued(self) -> Invoice:
        self.billing.approved(5)
        moment = Billing(self.billing.office, self.billing.clerk, self.now)
        return moment.issue()

    def send(self, after: timedelta = timedelta(0)) -> int:
        """What the regular job does, so much later."""
        self.now += after
        return send_due(self.clock)

    @property
    def queue(self) -> AgencyQueue:
        return AgencyQueue.objects.get()

    @property
    def chained(self) -> list[str]:
        """The hashes of every record, in the order of the chain."""
        return list(FiscalRecord.objects.order_by("position").values_list("huella", flat=True))


@contextmanager
def sending_firm(monkeypatch: pytest.MonkeyPatch, **agency: Any) -> Iterator[Sending]:
    """It has a certificate and sends in earnest; the agency's addresses lead to the double."""
    with agency_on_this_machine(**agency) as double:
        place = Service(double.url, is_internal=True, authorities=authority().pem)
        monkeypatch.setattr(services, "SERVICES", dict.fromkeys(services.SERVICES, place))
        billing = make_spanish_billing()
        admin = make_person(Role.ADMINISTRATOR, name="Adela Prueba", language="en")
        keep_certificate(admin)
        actions.choose_environment(environment=Environment.PRODUCTION, by=admin, now=MONTH_END)
        yield Sending(billing, double, admin)


def keep_certificate(admin: User, *, now: datetime = MONTH_END, **values: Any) -> None:
    """A certificate of the firm's, kept."""
    content = of_company(FIRM_NIF, **values).pkcs12()
    actions.keep_certificate(content=content, password=PASSWORD, by=admin, now=now)


def make_sent(invoice: Invoice, *, now: datetime = MONTH_END, state: str = Verdict.State.REJECTED) -> Verdict:
    """A record of a document with its message and verdict, as rows alone: nothing of it was ever sent."""
    chain = FiscalChain.objects.create(
        nif=FIRM_NIF, system_code="EC", installation=f"I-{invoice.pk}", next_position=2, created_at=now
    )
    record = FiscalRecord.objects.create(
        chain=chain,
        position=1,
        kind=FiscalRecord.Kind.REGISTRATION,
        invoice=invoice,
        huella=f"{invoice.pk:064X}",
        xml="<RegistroAlta/>",
        generated_at=now,
        utc_offset_minutes=60,
    )
    queue = AgencyQueue.objects.create(
        chain=chain, environment=Environment.PRODUCTION, sent_through=1, not_before=now
    )
    message = Submission.objects.create(
        queue=queue,
        first=1,
        last=1,
        state=Submission.State.ANSWERED,
        csv="A-PRUEBA",
        rejected=1,
        sent_at=now,
        answered_at=now,
        answer="<respuesta/>",
    )
    return Verdict.objects.create(
        queue=queue, record=record, submission=message, state=state, code=1100, words="Valor incorrecto"
    )
