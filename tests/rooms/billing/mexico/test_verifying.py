"""`ecuanime verify` finds a CFDI that was altered past the database's guards, and an invoice without its stamp."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection

from ecuanime.billing.models import Cfdi, Invoice
from ecuanime.billing.verifying.cfdis import verify_cfdis
from tests.factories.mexico import Stamping, cfdi_of

pytestmark = pytest.mark.django_db


def test_all_is_sound_at_every_step(stamping: Stamping) -> None:
    issued = stamping.issue()
    assert not list(verify_cfdis())
    stamping.stamp()
    assert not list(verify_cfdis())
    assert cfdi_of(issued).uuid


@pytest.mark.parametrize(
    ("alter", "found"),
    [
        (lambda row: {"sealed": row.sealed.replace("1102.00", "1.00")}, "audit trail saw"),
        (lambda row: {"stamped": row.stamped.replace("1102.00", "1.00")}, "is not what was sealed"),
        (lambda row: {"stamped": "<x/>"}, "cannot be read"),
        (lambda row: {"uuid": "5FB2822E-396D-4725-8521-CDC4BDD20CCF"}, "UUID is not"),
    ],
)
def test_what_was_altered_is_found(
    stamping: Stamping, alter: Callable[[Cfdi], dict[str, str]], found: str
) -> None:
    row = cfdi_of(stamping.stamped())
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    Cfdi.objects.filter(pk=row.pk).update(**alter(row))
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")

    assert [fault for fault in verify_cfdis() if found in fault]


def test_what_clients_see_without_a_stamp_is_found(stamping: Stamping) -> None:
    issued = stamping.issue()
    Invoice.objects.filter(pk=issued.pk).update(is_held=False)
    assert "clients may see it" in "".join(verify_cfdis())
