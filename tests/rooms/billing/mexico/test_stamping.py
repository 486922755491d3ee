"""From an issued invoice to its stamp: what waits, what is rejected, and that nothing is stamped twice."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from ecuanime.billing import actions
from ecuanime.billing.access import visible_to_contact
from ecuanime.billing.actions.mexico import MexicoChanges, save_mexico_settings, seal_again, stamp_now
from ecuanime.billing.models import Cfdi, Invoice, MexicoSettings
from ecuanime.billing.packs.mx.cfdi import read_stamp, same_document
from ecuanime.billing.packs.mx.pac.outbox import CLAIM_LASTS
from ecuanime.billing.queries.lists import is_open
from ecuanime.delivery.models import OutgoingFile, OutgoingMail
from ecuanime.notices.models import Notice
from ecuanime.staff.models import Firm
from tests.factories.mexico import CLIENT_RFC, SETTINGS, Stamping, cfdi_of
from tests.rooms.billing.snapshots import refused

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def sent_to_client(stamping: Stamping, issued: Invoice) -> bool:
    """Whether the job after issuing, or after the stamp, gives it to the client."""
    actions.ensure_pdf(invoice=issued, now=stamping.now)
    return OutgoingMail.objects.filter(purpose="invoice").exists()


def test_an_issued_invoice_waits_for_its_stamp_and_reaches_nobody(stamping: Stamping) -> None:
    issued = stamping.issue()

    assert cfdi_of(issued).state == Cfdi.State.TO_STAMP
    assert issued.is_held
    assert not sent_to_client(stamping, issued)
    assert not visible_to_contact(stamping.billing.lead).exists()
    assert not Invoice.objects.filter(is_open()).exists()
    payment = {"amount": 100, "received_on": stamping.now.date(), "by": stamping.billing.clerk}
    refused(
        lambda: actions.record_payment(invoice=issued, now=stamping.now, idempotency_key="1", **payment),
        "held",
    )
    given_up = {"written_on": stamping.now.date(), "reason": "Perdida", "by": stamping.admin}
    refused(lambda: actions.write_off(invoice=issued, owed=issued.owed, now=stamping.now, **given_up), "held")


def test_stamped_it_is_what_was_sealed_and_goes_to_the_client(stamping: Stamping) -> None:
    issued = stamping.stamped()

    row = cfdi_of(issued)
    stamp = read_stamp(row.stamped.encode())
    assert (row.state, row.uuid, issued.is_held) == (Cfdi.State.STAMPED, stamp.uuid, False)
    assert same_document(row.sealed.encode(), row.stamped.encode())
    assert f"rr={CLIENT_RFC}&tt={issued.total / 100:.2f}" in stamp.address
    assert sent_to_client(stamping, issued)
    files = OutgoingFile.objects.filter(mail__purpose="invoice")
    assert sorted(files.values_list("name", flat=True)) == [f"{issued.number}.pdf", f"{issued.number}.xml"]


@pytest.mark.parametrize("trouble", ["drop", "503", "garbage", "fault"])
def test_what_did_not_arrive_goes_again_after_a_pause(stamping: Stamping, trouble: str) -> None:
    issued = stamping.issue()
    stamping.pac.plan.append(trouble)

    assert stamping.stamp() == 0
    row = cfdi_of(issued)
    assert (row.state, row.tries) == (Cfdi.State.TO_STAMP, 1)
    assert row.trouble
    assert stamping.stamp() == 0
    assert stamping.stamp(after=MINUTE) == 1


def test_a_lost_answer_never_stamps_twice(stamping: Stamping) -> None:
    issued = stamping.issue()
    stamping.pac.plan.append("lost")

    assert stamping.stamp() == 0
    assert stamping.stamp(after=MINUTE) == 1
    assert stamping.pac.operations == ["stamp", "stamp", "stamped"]
    assert [read_stamp(xml).uuid for xml in stamping.pac.stamped.values()] == [cfdi_of(issued).uuid]


def test_what_the_pac_stamped_and_cannot_show_yet_is_neither_rejected_nor_stamped_again(
    stamping: Stamping,
) -> None:
    issued = stamping.issue()
    stamping.pac.plan.append("lost")
    stamping.pac.hands_over = False
    stamping.stamp()
    assert stamping.stamp(after=MINUTE) == 0
    assert (cfdi_of(issued).state, cfdi_of(issued).trouble) == (Cfdi.State.TO_STAMP, "not_recovered")

    stamping.pac.hands_over = True
    assert stamping.stamp(after=10 * MINUTE) == 1
    assert len(stamping.pac.stamped) == 1


def test_who_died_half_way_is_followed_by_another_once_the_claim_runs_out(stamping: Stamping) -> None:
    issued = stamping.issue()
    Cfdi.objects.update(claimed_until=stamping.now + CLAIM_LASTS, tries=1)

    assert stamping.stamp() == 0
    assert stamping.stamp(after=CLAIM_LASTS) == 1
    assert cfdi_of(issued).tries == 2


def test_an_account_that_is_not_served_keeps_documents_waiting(stamping: Stamping) -> None:
    issued = stamping.issue()
    changes = MexicoChanges(**{**SETTINGS.__dict__, "password": "otra"})
    save_mexico_settings(changes=changes, by=stamping.admin, now=stamping.now)
    stamping.stamp()
    row = cfdi_of(issued)
    assert (row.state, row.trouble) == (Cfdi.State.TO_STAMP, "account")
    assert "contraseña" in row.words

    save_mexico_settings(changes=SETTINGS, by=stamping.admin, now=stamping.now)
    stamp_now(invoice=issued, by=stamping.billing.clerk, now=stamping.now)
    assert stamping.stamp() == 1
    refused(lambda: stamp_now(invoice=issued, by=stamping.billing.clerk, now=stamping.now), "nothing_waits")


def test_rejected_it_is_corrected_and_sealed_anew_under_its_number(stamping: Stamping) -> None:
    clerk, client = stamping.billing.clerk, stamping.billing.client
    stamping.pac.refuses[CLIENT_RFC] = ("CFDI40143", "El RFC no está en la lista de RFC inscritos")
    issued = stamping.issue()
    assert stamping.stamp() == 0
    first = cfdi_of(issued)
    assert (first.state, first.code) == (Cfdi.State.REJECTED, "CFDI40143")
    assert Notice.objects.filter(user=clerk, url="/facturas/timbrado/").exists()
    assert stamping.stamp(after=MINUTE) == 0

    client.tax_id = "JUFA7608212V6"
    client.legal_name = "Ana Juárez"
    client.save()
    actions_values = {"invoice": issued, "by": clerk, "now": stamping.now}
    refused(lambda: seal_again(**actions_values), "receiver")
    client.mexico.name, client.mexico.regime = "ADRIANA JUAREZ FERNANDEZ", "612"
    client.mexico.save()
    second = seal_again(**actions_values)
    assert seal_again(**actions_values) == second
    assert stamping.stamp() == 1
    issued.refresh_from_db()
    assert (issued.customer["tax_id"], issued.is_held) == ("JUFA7608212V6", False)
    assert [row.state for row in issued.cfdis.order_by("attempt")] == [
        Cfdi.State.REJECTED,
        Cfdi.State.STAMPED,
    ]
    assert read_stamp(cfdi_of(issued).stamped.encode()).uuid in cfdi_of(issued).stamped


def test_what_tests_stamped_stays_in_the_house(stamping: Stamping) -> None:
    MexicoSettings.objects.update(environment=MexicoSettings.Environment.TEST)
    issued = stamping.stamped()

    assert issued.is_held
    assert not sent_to_client(stamping, issued)
    issued.refresh_from_db()
    assert issued.pdf_id is not None


@pytest.mark.parametrize(
    "change", [{"sealed": "<x/>"}, {"stamped": "<x/>"}, {"state": "to_stamp", "uuid": "", "stamped": ""}]
)
def test_the_database_lets_no_cfdi_change(stamping: Stamping, change: dict[str, str]) -> None:
    issued = stamping.stamped()
    with pytest.raises(DatabaseError), transaction.atomic():
        Cfdi.objects.filter(invoice=issued).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        Invoice.objects.filter(pk=issued.pk).update(customer={})


def test_nothing_of_a_demo_is_sealed(stamping: Stamping) -> None:
    Firm.objects.update(is_demo=True)
    issued = stamping.issue()
    assert not issued.is_held
    assert not Cfdi.objects.exists()
