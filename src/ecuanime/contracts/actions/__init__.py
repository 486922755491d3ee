"""Every write about plans and contracts."""

from ecuanime.contracts.actions.answers import Paper, accept_quote, decline_quote, record_acceptance
from ecuanime.contracts.actions.common import refuse_sale
from ecuanime.contracts.actions.contracts import open_contract
from ecuanime.contracts.actions.due import take_due_step
from ecuanime.contracts.actions.ending import end_contract, note_settlement
from ecuanime.contracts.actions.order import order_contracts
from ecuanime.contracts.actions.plans import (
    create_plan,
    draft_version,
    offer_plan,
    provide_basics,
    publish_template,
    publish_version,
    withdraw_plan,
)
from ecuanime.contracts.actions.quotes import (
    copy_quote,
    draft_quote,
    offer_of,
    redraft_quote,
    send_quote,
    withdraw_quote,
)
from ecuanime.contracts.actions.renewals import stop_next_packs, stop_renewal
from ecuanime.contracts.actions.service_levels import drop_service_level, set_service_level

__all__ = [
    "Paper",
    "accept_quote",
    "copy_quote",
    "create_plan",
    "decline_quote",
    "draft_quote",
    "draft_version",
    "drop_service_level",
    "end_contract",
    "note_settlement",
    "offer_of",
    "offer_plan",
    "open_contract",
    "order_contracts",
    "provide_basics",
    "publish_template",
    "publish_version",
    "record_acceptance",
    "redraft_quote",
    "refuse_sale",
    "send_quote",
    "set_service_level",
    "stop_next_packs",
    "stop_renewal",
    "take_due_step",
    "withdraw_plan",
    "withdraw_quote",
]
