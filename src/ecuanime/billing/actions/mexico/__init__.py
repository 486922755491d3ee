"""What people do about Mexico's invoices: set-up, seal, stamping, replacing, cancelling and giving up."""

from __future__ import annotations

from ecuanime.billing.actions.mexico.abandoning import abandon_rejected
from ecuanime.billing.actions.mexico.cancelling import cancel_cfdi
from ecuanime.billing.actions.mexico.public import make_global
from ecuanime.billing.actions.mexico.replacing import replace_cfdi
from ecuanime.billing.actions.mexico.seals import keep_seal, remove_seal
from ecuanime.billing.actions.mexico.setting_up import (
    MexicoChanges,
    save_mexico_settings,
    save_receiver,
)
from ecuanime.billing.actions.mexico.stamping import complement_payment, seal_again, stamp_now

__all__ = [
    "MexicoChanges",
    "abandon_rejected",
    "cancel_cfdi",
    "complement_payment",
    "keep_seal",
    "make_global",
    "remove_seal",
    "replace_cfdi",
    "save_mexico_settings",
    "save_receiver",
    "seal_again",
    "stamp_now",
]
