"""The SAT's own catalogues, schema and original string, with satcfdi: what would be rejected is not sent."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ecuanime.billing.actions import issue_invoice
from ecuanime.billing.actions.mexico import save_mexico_settings, save_receiver, seal_again
from ecuanime.billing.models import Cfdi, Invoice, MexicoReceiver, MexicoSettings
from ecuanime.billing.packs.mx import sealing
from ecuanime.billing.packs.mx.cfdi import sealed
from ecuanime.billing.packs.mx.declared import gaps
from ecuanime.billing.packs.mx.official import Catalogue, is_known, judging, products_about, version, words_of
from ecuanime.notices.models import Notice
from ecuanime.staff.models import Firm
from tests.cfdi_schema import needs_satcfdi
from tests.factories.mexico import RECEIVER, SETTINGS, Stamping, cfdi_of
from tests.rooms.billing.snapshots import refused

pytestmark = [pytest.mark.django_db, needs_satcfdi]
CHECKED = replace(SETTINGS, checks=True)
NO_PRODUCT, NO_POSTCODE = "81111899", "00001"


@pytest.fixture
def checking(stamping: Stamping) -> Stamping:
    """The firm holds its invoices against the SAT's files, as it does from the beginning."""
    save_mexico_settings(changes=CHECKED, by=stamping.admin, now=stamping.now)
    return stamping


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many CFDIs each process was given."""
    runs: list[int] = []
    run = subprocess.run

    def counted(*args: Any, **values: Any) -> Any:
        runs.append(len(json.loads(values["input"])))
        return run(*args, **values)

    monkeypatch.setattr(judging.subprocess, "run", counted)
    return runs


def spoilt(monkeypatch: pytest.MonkeyPatch, change: Callable[[bytes], bytes]) -> None:
    """What is sealed next comes out otherwise."""
    monkeypatch.setattr(sealing, "sealed", lambda *given: change(sealed(*given)))


def test_each_catalogue_knows_its_keys_and_no_others() -> None:
    known = {
        Catalogue.PRODUCTS: "81111811",
        Catalogue.UNITS: "HUR",
        Catalogue.POSTCODES: "06500",
        Catalogue.REGIMES: "601",
        Catalogue.USES: "G03",
        Catalogue.FORMS: "99",
        Catalogue.METHODS: "PPD",
        Catalogue.CURRENCIES: "USD",
        Catalogue.TAX_OBJECTS: "02",
        Catalogue.TAXES: "002",
        Catalogue.KINDS: "P",
        Catalogue.RELATIONS: "04",
        Catalogue.EXPORTS: "01",
        Catalogue.PERIODICITIES: "04",
        Catalogue.MONTHS: "11",
    }
    assert set(known) == set(Catalogue)
    for catalogue, key in known.items():
        assert is_known(catalogue, key), catalogue
        assert not is_known(catalogue, f"{key}0"), catalogue
    assert words_of(Catalogue.PRODUCTS, "81111811") == "Servicios de soporte técnico o de mesa de ayuda"


def test_keys_are_found_by_their_words() -> None:
    assert ("81111811", "Servicios de soporte técnico o de mesa de ayuda") in products_about(
        "SOPORTE tecnico", most=50
    )
    assert [key for key, _words in products_about("81111811", most=5)] == ["81111811"]
    assert len(products_about("servicios", most=7)) == 7
    for nothing in ("", "de la", "zzzzzz"):
        assert products_about(nothing, most=5) == []


def test_settings_take_keys_of_the_catalogue_alone(checking: Stamping) -> None:
    changes = replace(CHECKED, goods_key=NO_PRODUCT)
    said = refused(
        lambda: save_mexico_settings(changes=changes, by=checking.admin, now=checking.now), "unknown_key"
    )
    assert NO_PRODUCT in str(said)
    save_mexico_settings(changes=replace(changes, checks=False), by=checking.admin, now=checking.now)
    assert MexicoSettings.objects.get().goods_key == NO_PRODUCT


def test_a_client_has_a_postcode_that_there_is(checking: Stamping) -> None:
    given = {"client": checking.billing.client, "by": checking.admin, "now": checking.now}
    wrong = replace(RECEIVER, postcode=NO_POSTCODE)
    refused(lambda: save_receiver(facts=wrong, **given), "receiver")
    save_receiver(facts=replace(RECEIVER, postcode="01000"), **given)
    assert MexicoReceiver.objects.get().postcode == "01000"


def test_the_firms_own_postcode_is_a_gap(checking: Stamping) -> None:
    assert gaps() == []
    Firm.objects.update(postcode=NO_POSTCODE)
    assert gaps() == ["the SAT's catalogue has not your firm's postcode"]
    MexicoSettings.objects.update(checks=False)
    assert gaps() == []


def test_nothing_is_sealed_with_a_key_that_there_is_not(checking: Stamping) -> None:
    draft = checking.draft()
    MexicoReceiver.objects.update(postcode=NO_POSTCODE)
    MexicoSettings.objects.update(service_key=NO_PRODUCT)
    said = str(
        refused(
            lambda: issue_invoice(invoice=draft, by=checking.billing.clerk, now=checking.now), "unknown_key"
        )
    )
    assert all(
        words in said for words in (NO_PRODUCT, NO_POSTCODE, "the settings of Mexico", "client's page")
    )
    draft.refresh_from_db()
    assert (draft.state, draft.number, Cfdi.objects.exists()) == (Invoice.State.DRAFT, None, False)

    MexicoSettings.objects.update(checks=False)
    assert issue_invoice(invoice=draft, by=checking.billing.clerk, now=checking.now).number


def test_what_the_schema_would_reject_is_not_sent_and_nothing_is_lost(
    checking: Stamping, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        spoilt(patch, lambda xml: xml.replace(b'Serie="F-2026"', b'Serie="' + b"F" * 26 + b'"'))
        issued = checking.issue()
    assert checking.stamp() == 0
    row = cfdi_of(issued)
    assert (row.state, row.code, row.tries, checking.pac.operations) == (Cfdi.State.REJECTED, "XSD", 0, [])
    assert "Serie" in row.words
    assert row.checked_by == f"satcfdi {version()}"
    issued.refresh_from_db()
    assert issued.is_held
    notice = Notice.objects.filter(user=checking.billing.clerk, url="/facturas/timbrado/").get()
    assert "was not sent to the PAC" in notice.title

    again = seal_again(invoice=issued, by=checking.billing.clerk, now=checking.now)
    assert checking.stamp() == 1
    again.refresh_from_db()
    assert (again.state, again.checked_by) == (Cfdi.State.STAMPED, row.checked_by)
    assert Invoice.objects.get(pk=issued.pk).number == issued.number


def test_a_seal_over_other_words_is_not_sent(checking: Stamping, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        spoilt(patch, lambda xml: xml.replace(b'Folio="', b'Folio="9'))
        issued = checking.issue()
    assert checking.stamp() == 0
    assert (cfdi_of(issued).code, checking.pac.operations) == ("SELLO", [])


def test_many_are_judged_in_one_process_and_never_again(checking: Stamping, judged: list[int]) -> None:
    checking.pac.plan.extend(["503"] * 3)
    for _ in range(3):
        checking.issue()
    assert checking.stamp() == 0
    assert judged == [3]
    assert not Cfdi.objects.filter(checked_by="").exists()
    assert checking.stamp(after=timedelta(minutes=1)) == 3
    assert judged == [3]


def test_what_may_have_been_sent_is_the_pacs_to_judge(
    checking: Stamping, judged: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sent before the files were there, it may be stamped: our word against it would lose that."""
    MexicoSettings.objects.update(checks=False)
    with monkeypatch.context() as patch:
        spoilt(patch, lambda xml: xml.replace(b'Serie="F-2026"', b'Serie="' + b"F" * 26 + b'"'))
        issued = checking.issue()
    checking.pac.plan.append("503")
    checking.stamp()
    MexicoSettings.objects.update(checks=True)
    checking.stamp(after=timedelta(minutes=1))
    assert checking.pac.operations == ["stamp"]
    assert (judged, cfdi_of(issued).code, cfdi_of(issued).checked_by) == ([], "301", "")


def test_a_judge_that_fails_stops_nothing(
    checking: Stamping, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(judging, "SECONDS", 0.01)
    issued = checking.stamped()
    assert (cfdi_of(issued).state, cfdi_of(issued).checked_by) == (Cfdi.State.STAMPED, "")
    assert "without being held against" in caplog.text


def test_turned_off_nothing_is_judged(stamping: Stamping, judged: list[int]) -> None:
    assert not MexicoSettings.objects.get().checks
    stamping.stamped()
    assert judged == []
