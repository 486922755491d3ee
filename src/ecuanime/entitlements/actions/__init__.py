"""Every write to lots and their ledger: the only door to drawing hours.

Each action locks the contract's row, then its lots in the order of their ids, so that two writers of one contract
take turns. Each carries an idempotency key that the database keeps unique: the same call again changes nothing and
gives the first result back. Quantities are hundredths of a minute.
"""

from ecuanime.entitlements.actions.crediting import grant_credit
from ecuanime.entitlements.actions.drawing import draw, locked_lots, reverse
from ecuanime.entitlements.actions.expiry import book_expiry, reopen_expiry
from ecuanime.entitlements.actions.moving import replace_expired, transfer_hours
from ecuanime.entitlements.actions.notices import tell_expiring, tell_low
from ecuanime.entitlements.actions.opening import open_balance
from ecuanime.entitlements.actions.overdraft import give_back_overdraft, overdraft_left, overdraw
from ecuanime.entitlements.actions.packs import PackGrant, grant_pack, make_usable, quote_pack
from ecuanime.entitlements.actions.periods import open_period
from ecuanime.entitlements.actions.reaching import reach_back
from ecuanime.entitlements.actions.renewing import move_rest, renewed_by
from ecuanime.entitlements.actions.revaluation import (
    Revaluation,
    Revalued,
    cancel_revaluation,
    quote_revaluation,
    revalue_expired,
)
from ecuanime.entitlements.actions.settling import settle_overdraft_again
from ecuanime.entitlements.actions.shares import fit_allowance
from ecuanime.entitlements.actions.withdrawal import Refund, refund_unused, void_unused

__all__ = [
    "PackGrant",
    "Refund",
    "Revaluation",
    "Revalued",
    "book_expiry",
    "cancel_revaluation",
    "draw",
    "fit_allowance",
    "give_back_overdraft",
    "grant_credit",
    "grant_pack",
    "locked_lots",
    "make_usable",
    "move_rest",
    "open_balance",
    "open_period",
    "overdraft_left",
    "overdraw",
    "quote_pack",
    "quote_revaluation",
    "reach_back",
    "refund_unused",
    "renewed_by",
    "reopen_expiry",
    "replace_expired",
    "revalue_expired",
    "reverse",
    "settle_overdraft_again",
    "tell_expiring",
    "tell_low",
    "transfer_hours",
    "void_unused",
]
