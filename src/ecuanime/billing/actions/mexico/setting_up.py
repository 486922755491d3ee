"""Mexico's set-up: what the firm is to the SAT, its account with the PAC, and what clients are to the SAT."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from ecuanime.accounts.models import User
from ecuanime.billing.actions.common import locked_client, require_administrator, require_biller
from ecuanime.billing.models import MexicoReceiver, MexicoSettings
from ecuanime.billing.packs.mx.catalogues import FORMS, PERIODS, REGIMES
from ecuanime.billing.packs.mx.declared import mexico_settings
from ecuanime.billing.packs.mx.keys import faults_of_keys, is_checked
from ecuanime.billing.packs.mx.receivers import ReceiverFacts, faults_of, generic_rfc, keys_of
from ecuanime.clients.models import Client
from ecuanime.foundation.audit import record
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import seal as sealed_secret

_PRODUCT = re.compile(r"\d{8}")
PRODUCT_KEYS = ("service_key", "goods_key", "expense_key")


@dataclass(frozen=True)
class MexicoChanges:
    """What a person sets. An empty password leaves the one that is kept."""

    name: str = ""
    regime: str = ""
    service_key: str = "81111811"
    goods_key: str = "43211500"
    expense_key: str = "81111811"
    credit_form: str = "17"
    checks: bool = True
    public_period: str = ""
    pac: str = MexicoSettings.Pac.FINKOK
    environment: str = ""
    username: str = ""
    password: str = ""


@transaction.atomic
def save_mexico_settings(*, changes: MexicoChanges, by: User, now: datetime) -> MexicoSettings:
    """Keep what the firm is to the SAT, the keys of its lines and its account with the PAC, whose password is sealed.

    Refused: `not_allowed`, `regime`, `product_key` (eight digits), `unknown_key` (the SAT's catalogue has it not),
    `credit_form`, `public_period`, `pac`, `unknown_environment`.
    """
    require_administrator(by)
    values = {each.name: str(getattr(changes, each.name)).strip() for each in fields(changes)}
    password = values.pop("password")
    del values["checks"]
    _refuse_unknown(values)
    if changes.checks:
        _refuse_no_keys({"ClaveProdServ": values[name]} for name in PRODUCT_KEYS)
    if password:
        values["password_sealed"] = sealed_secret(password)
    values["name"] = " ".join(values["name"].split()).upper()
    defaults = {**values, "checks": changes.checks}
    saved, _is_new = MexicoSettings.objects.update_or_create(id=1, defaults=defaults)
    told = {name: value for name, value in values.items() if name != "password_sealed"}
    record("mexico_set_up", saved, now=now, **told, checks=changes.checks, new_password=bool(password))
    return saved


def _refuse_no_keys(named: Iterable[Mapping[str, str]]) -> None:
    faults = dict.fromkeys(fault for keys in named for fault in faults_of_keys(keys))
    if faults:
        raise Refused("unknown_key", " ".join(faults))


def _refuse_unknown(values: dict[str, str]) -> None:
    if values["regime"] and values["regime"] not in REGIMES:
        raise Refused("regime", _("Choose one of the regimes that are offered."))
    if not all(_PRODUCT.fullmatch(values[name]) for name in PRODUCT_KEYS):
        raise Refused(
            "product_key", _("A key of the SAT's catalogue of products and services has eight digits.")
        )
    if values["credit_form"] not in FORMS:
        raise Refused("credit_form", _("Choose one of the forms of payment that are offered."))
    if values["public_period"] and values["public_period"] not in PERIODS:
        raise Refused("public_period", _("Choose one of the periods that are offered."))
    if values["pac"] not in MexicoSettings.Pac.values:
        raise Refused("pac", _("Choose one of the PACs that are offered."))
    if values["environment"] and values["environment"] not in MexicoSettings.Environment.values:
        raise Refused("unknown_environment", _("Choose one of the places that are offered."))


@transaction.atomic
def save_receiver(*, client: Client, facts: ReceiverFacts, by: User, now: datetime) -> MexicoReceiver:
    """Keep what a client is to the SAT, once nothing is known against it.

    Refused: `not_allowed`, `receiver` (what the SAT would turn away, in words).
    """
    require_biller(by)
    kept_by = locked_client(client)
    clean = ReceiverFacts(
        name=" ".join(facts.name.split()).upper(),
        postcode=facts.postcode.strip(),
        regime=facts.regime,
        use=facts.use,
        method=facts.method,
        form=facts.form,
    )
    faults = faults_of(kept_by, clean)
    if not faults and not generic_rfc(kept_by) and is_checked(mexico_settings()):
        faults = faults_of_keys(keys_of(clean))
    if faults:
        raise Refused("receiver", " ".join(faults))
    values = {each.name: getattr(clean, each.name) for each in fields(clean)}
    saved, _is_new = MexicoReceiver.objects.update_or_create(client=kept_by, defaults=values)
    record("mexico_receiver_kept", kept_by, now=now, **values)
    return saved
