"""Every write on bills: what is charged, runs, drafts, issue, credit notes, money, sending, reminders, the books."""

from ecuanime.billing.actions.bank.collections import (
    collect_invoices,
    note_collected,
    note_returned,
    withdraw_collection,
)
from ecuanime.billing.actions.bank.debits import match_collected, match_returned
from ecuanime.billing.actions.bank.formats import remove_bank_format, save_bank_format
from ecuanime.billing.actions.bank.mandates import cancel_mandate, note_mandate, save_creditor
from ecuanime.billing.actions.bank.statements import (
    Filed,
    file_statement,
    match_entry,
    set_aside,
    take_up_again,
    undo_match,
)
from ecuanime.billing.actions.books.closing import close_books
from ecuanime.billing.actions.books.customs import file_customs_document, mark_imported
from ecuanime.billing.actions.books.deductions import adjust_deductions, mark_investment
from ecuanime.billing.actions.books.exchange import note_exchange_rate, note_rate_of_document
from ecuanime.billing.actions.books.journal import name_accounts
from ecuanime.billing.actions.books.received import charge_received, file_received
from ecuanime.billing.actions.books.received_rates import (
    note_rate_of_received,
    take_back_rate_of_received,
)
from ecuanime.billing.actions.books.series import save_numbering
from ecuanime.billing.actions.books.taxes import save_tax_rate, seed_taxes
from ecuanime.billing.actions.books.typed import (
    CATEGORIES,
    TAXED,
    TypedTax,
    discard_paper,
    file_typed_invoice,
    keep_paper,
    withdraw_received,
)
from ecuanime.billing.actions.credits.notes import credit_invoice, credit_lines, pay_back_pack
from ecuanime.billing.actions.credits.replacing import replace_simplified
from ecuanime.billing.actions.credits.unused_fees import credit_unused_fee
from ecuanime.billing.actions.drafts.cases import draft_case_time
from ecuanime.billing.actions.drafts.changes import (
    add_line,
    discard_draft,
    recompute_draft,
    remove_line,
    set_discount,
    set_draft_tax,
    set_draft_withholding,
)
from ecuanime.billing.actions.drafts.discounts import discount_time
from ecuanime.billing.actions.drafts.fees import charge_period, fit_fees
from ecuanime.billing.actions.drafts.runs import continue_run, run_invoices
from ecuanime.billing.actions.drafts.time import (
    free_time,
    rate_time_again,
    rate_unbilled_again,
    reattach_unbilled,
)
from ecuanime.billing.actions.issuing.batches import continue_batch, issue_drafts
from ecuanime.billing.actions.issuing.documents import issue_invoice
from ecuanime.billing.actions.issuing.handing import (
    NotedFile,
    forget_elsewhere,
    hand_over,
    note_elsewhere,
    note_elsewhere_from_csv,
    save_issuing,
    take_hand_over_back,
)
from ecuanime.billing.actions.issuing.sending import ensure_cfdi_pdf, ensure_pdf, send_invoice
from ecuanime.billing.actions.money.brought import bring_invoice
from ecuanime.billing.actions.money.corrections import correct_payment
from ecuanime.billing.actions.money.disputes import dispute_payment, settle_dispute
from ecuanime.billing.actions.money.held import apply_held, hold_overpaid, record_deposit
from ecuanime.billing.actions.money.payments import record_payment
from ecuanime.billing.actions.money.reminders import (
    save_reminder_ladder,
    send_reminder,
    stop_client_reminders,
    stop_reminders,
)
from ecuanime.billing.actions.money.write_offs import undo_write_off, write_off
from ecuanime.billing.actions.prepaid.advances import charge_advance, charge_guarantee, deduct_advance
from ecuanime.billing.actions.prepaid.next_packs import order_next_pack
from ecuanime.billing.actions.prepaid.orders import order_pack, order_pack_as_client
from ecuanime.billing.actions.prepaid.revaluations import order_revaluation
from ecuanime.billing.actions.prepaid.settling import settle_contract
from ecuanime.billing.actions.spain.records import (
    SpainChanges,
    amend_registration,
    cancel_registration,
    renew_installation,
    save_spain_settings,
)
from ecuanime.billing.actions.vies import check_vat_number

__all__ = [
    "CATEGORIES",
    "TAXED",
    "Filed",
    "NotedFile",
    "SpainChanges",
    "TypedTax",
    "add_line",
    "adjust_deductions",
    "amend_registration",
    "apply_held",
    "bring_invoice",
    "cancel_mandate",
    "cancel_registration",
    "charge_advance",
    "charge_guarantee",
    "charge_period",
    "charge_received",
    "check_vat_number",
    "close_books",
    "collect_invoices",
    "continue_batch",
    "continue_run",
    "correct_payment",
    "credit_invoice",
    "credit_lines",
    "credit_unused_fee",
    "deduct_advance",
    "discard_draft",
    "discard_paper",
    "discount_time",
    "dispute_payment",
    "draft_case_time",
    "ensure_cfdi_pdf",
    "ensure_pdf",
    "file_customs_document",
    "file_received",
    "file_statement",
    "file_typed_invoice",
    "fit_fees",
    "forget_elsewhere",
    "free_time",
    "hand_over",
    "hold_overpaid",
    "issue_drafts",
    "issue_invoice",
    "keep_paper",
    "mark_imported",
    "mark_investment",
    "match_collected",
    "match_entry",
    "match_returned",
    "name_accounts",
    "note_collected",
    "note_elsewhere",
    "note_elsewhere_from_csv",
    "note_exchange_rate",
    "note_mandate",
    "note_rate_of_document",
    "note_rate_of_received",
    "note_returned",
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
    "remove_bank_format",
    "remove_line",
    "renew_installation",
    "replace_simplified",
    "run_invoices",
    "save_bank_format",
    "save_creditor",
    "save_issuing",
    "save_numbering",
    "save_reminder_ladder",
    "save_spain_settings",
    "save_tax_rate",
    "seed_taxes",
    "send_invoice",
    "send_reminder",
    "set_aside",
    "set_discount",
    "set_draft_tax",
    "set_draft_withholding",
    "settle_contract",
    "settle_dispute",
    "stop_client_reminders",
    "stop_reminders",
    "take_back_rate_of_received",
    "take_hand_over_back",
    "take_up_again",
    "undo_match",
    "undo_write_off",
    "withdraw_collection",
    "withdraw_received",
    "write_off",
]
