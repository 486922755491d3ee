"""Every write about plans and contracts."""

from ecuanime.contracts.actions.contracts import end_contract, open_contract
from ecuanime.contracts.actions.plans import (
    create_plan,
    draft_version,
    offer_plan,
    provide_basics,
    publish_template,
    publish_version,
    withdraw_plan,
)

__all__ = [
    "create_plan",
    "draft_version",
    "end_contract",
    "offer_plan",
    "open_contract",
    "provide_basics",
    "publish_template",
    "publish_version",
    "withdraw_plan",
]
