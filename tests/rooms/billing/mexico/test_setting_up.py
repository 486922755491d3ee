"""What the firm and its clients are to the SAT: each exit, and that without it nothing is issued."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ecuanime.accounts.models import Role
from ecuanime.billing.actions import mexico as actions
from ecuanime.billing.models import MexicoSeal, MexicoSettings
from ecuanime.billing.packs import Status, pack_for
from ecuanime.billing.packs.mx.pac.telling import tell_seal_expiry, tell_unstamped
from ecuanime.foundation.models import AuditEntry
from ecuanime.foundation.secrets import unseal
from ecuanime.notices.models import Notice
from tests.csd import CSD_PASSWORD, csd_files
from tests.factories import make_person
from tests.factories.billing import MONTH_END, Billing
from tests.factories.mexico import RECEIVER, SETTINGS, Stamping, keep_seal, make_mexican_billing
from tests.pac import PASSWORD
from tests.rooms.billing.snapshots import refused

pytestmark = pytest.mark.django_db


def test_step_by_step_the_pack_says_what_is_missing_until_it_is_legal() -> None:
    billing = make_mexican_billing()
    admin = make_person(Role.ADMINISTRATOR)
    billing.approved(60)
    draft = billing.draft()
    assert draft.is_pro_forma
    assert "settings of Mexico" in pack_for("MX").why_not

    actions.save_mexico_settings(changes=replace(SETTINGS, environment=""), by=admin, now=MONTH_END)
    assert "certificate of digital seal" in pack_for("MX").why_not
    keep_seal(admin)
    assert "in earnest" in pack_for("MX").why_not
    actions.save_mexico_settings(changes=SETTINGS, by=admin, now=MONTH_END)
    assert (pack_for("MX").status, pack_for("MX").why_not) == (Status.LEGAL, "")


def test_secrets_are_sealed_and_written_down_nowhere(stamping: Stamping) -> None:
    kept, seal = MexicoSettings.objects.get(), MexicoSeal.objects.get()
    assert unseal(kept.password_sealed) == PASSWORD
    assert "PRIVATE KEY" in unseal(seal.key_sealed)
    written = "".join(AuditEntry.objects.values_list("body", flat=True))
    assert not [secret for secret in (PASSWORD, CSD_PASSWORD, seal.key_sealed) if secret in written]

    actions.save_mexico_settings(changes=replace(SETTINGS, password=""), by=stamping.admin, now=MONTH_END)
    assert unseal(MexicoSettings.objects.get().password_sealed) == PASSWORD
    actions.remove_seal(by=stamping.admin, now=MONTH_END)
    assert not MexicoSeal.objects.exclude(key_sealed="").exists()


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"until": datetime(2026, 11, 1, tzinfo=UTC)}, "expired"),
        ({"since": datetime(2026, 12, 24, tzinfo=UTC)}, "not_yet_valid"),
        ({"rfc": "URE180429TM6"}, "other_holder"),
        ({"is_signature": True}, "is_signature"),
        ({"other_key": True}, "other_key"),
        ({"number": "HOLA"}, "no_number"),
        ({"rfc": "NADIE"}, "no_rfc"),
    ],
)
def test_a_certificate_that_cannot_seal_is_refused(stamping: Stamping, values: Any, code: str) -> None:
    files = csd_files(**values)
    given = {"certificate": files.certificate, "key": files.key, "by": stamping.admin, "now": MONTH_END}
    refused(lambda: actions.keep_seal(password=CSD_PASSWORD, **given), code)


def test_files_that_are_none_and_other_passwords_are_refused(stamping: Stamping) -> None:
    files, admin = csd_files(), stamping.admin

    def keep(certificate: bytes, key: bytes, password: str) -> MexicoSeal:
        return actions.keep_seal(certificate=certificate, key=key, password=password, by=admin, now=MONTH_END)

    refused(lambda: keep(b"nada", files.key, CSD_PASSWORD), "no_certificate")
    refused(lambda: keep(files.certificate, files.key, "otra"), "key_locked")
    refused(lambda: keep(files.certificate, files.key, ""), "key_locked")
    refused(lambda: keep(b"x" * 60_000, files.key, CSD_PASSWORD), "too_large")


def test_an_expired_seal_issues_nothing(stamping: Stamping) -> None:
    draft = stamping.draft()
    MexicoSeal.objects.update(valid_until=MONTH_END)
    refused(
        lambda: Billing(stamping.billing.office, stamping.billing.clerk, MONTH_END).issue(draft),
        "expired_seal",
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"regime": "999"}, "regime"),
        ({"service_key": "8111"}, "product_key"),
        ({"credit_form": "99"}, "credit_form"),
        ({"pac": "otro"}, "pac"),
        ({"environment": "luna"}, "unknown_environment"),
    ],
)
def test_settings_that_the_sat_would_not_know_are_refused(
    stamping: Stamping, changes: Any, code: str
) -> None:
    given = {"changes": replace(SETTINGS, **changes), "now": MONTH_END}
    refused(lambda: actions.save_mexico_settings(by=stamping.admin, **given), code)
    refused(lambda: actions.save_mexico_settings(by=stamping.billing.clerk, **given), "not_allowed")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"name": "ROBOTICA, S.A. DE C.V."}, "without its kind"),
        ({"postcode": "869"}, "five digits"),
        ({"regime": "612"}, "not one of companies"),
        ({"use": "D01"}, "cannot give invoices that use"),
        ({"method": "XYZ"}, "When and how"),
    ],
)
def test_a_client_that_the_sat_would_turn_away_is_refused(
    stamping: Stamping, changes: Any, words: str
) -> None:
    given = {"client": stamping.billing.client, "by": stamping.billing.clerk, "now": MONTH_END}
    assert words in refused(
        lambda: actions.save_receiver(facts=replace(RECEIVER, **changes), **given), "receiver"
    )


def test_administrators_are_told_what_waits_and_what_runs_out(stamping: Stamping) -> None:
    stamping.issue()
    tell_unstamped(MONTH_END)
    tell_seal_expiry(MONTH_END)
    assert not Notice.objects.exists()

    for _again in range(2):
        tell_unstamped(MONTH_END + timedelta(hours=5))
        tell_seal_expiry(MexicoSeal.objects.get().valid_until - timedelta(days=7))
    assert Notice.objects.filter(user=stamping.admin).count() == 2
