"""Every write on bills: what is charged, runs, drafts, issue, credit notes, money, sending, reminders, the books."""

from ecuanime.billing.actions.advances import charge_advance, deduct_advance
from ecuanime.billing.actions.batches import continue_batch, issue_drafts
from ecuanime.billing.actions.books import close_books
from ecuanime.billing.actions.brought import bring_invoice
from ecuanime.billing.actions.credits import credit_invoice, credit_lines, pay_back_pack
from ecuanime.billing.actions.disputes import dispute_payment, settle_dispute
from ecuanime.billing.actions.drafts import (
    add_line,
    discard_draft,
    recompute_draft,
    remove_line,
    set_discount,
    set_draft_tax,
)
from ecuanime.billing.actions.fees import charge_period, fit_fees
from ecuanime.billing.actions.held import apply_held, hold_overpaid, record_deposit
from ecuanime.billing.actions.issuing import issue_invoice
from ecuanime.billing.actions.line_discounts import discount_time
from ecuanime.billing.actions.next_packs import order_next_pack
from ecuanime.billing.actions.orders import order_pack, order_pack_as_client
from ecuanime.billing.actions.payments import correct_payment, record_payment
from ecuanime.billing.actions.reminders import (
    save_reminder_ladder,
    send_reminder,
    stop_client_reminders,
    stop_reminders,
)
from ecuanime.billing.actions.revaluations import order_revaluation
from ecuanime.billing.actions.runs import continue_run, run_invoices
from ecuanime.billing.actions.sending import ensure_pdf, send_invoice
from ecuanime.billing.actions.series import save_numbering
from ecuanime.billing.actions.settling import settle_contract
from ecuanime.billing.actions.taxes import save_tax_rate, seed_taxes
from ecuanime.billing.actions.time import (
    free_time,
    rate_time_again,
    rate_unbilled_again,
    reattach_unbilled,
)

__all__ = [
    "add_line",
    "apply_held",
    "bring_invoice",
    "charge_advance",
    "charge_period",
    "close_books",
    "continue_batch",
    "continue_run",
    "correct_payment",
    "credit_invoice",
    "credit_lines",
    "deduct_advance",
    "discard_draft",
    "discount_time",
    "dispute_payment",
    "ensure_pdf",
    "fit_fees",
    "free_time",
    "hold_overpaid",
    "issue_drafts",
    "issue_invoice",
    "order_next_pack",
    "order_pack",
    "order_pack_as_client",
    "order_revaluation",
    "pay_back_pack",
    "rate_time_again",
    "rate_unbilled_again",
    "reattach_unbilled",
    "recompute_draft",
    "record_deposit",
    "record_payment",
    "remove_line",
    "run_invoices",
    "save_numbering",
    "save_reminder_ladder",
    "save_tax_rate",
    "seed_taxes",
    "send_invoice",
    "send_reminder",
    "set_discount",
    "set_draft_tax",
    "settle_contract",
    "settle_dispute",
    "stop_client_reminders",
    "stop_reminders",
]
