"""Who may open every address: one row per URL name, walked by test_access.py with real objects of client A.

To add an address, add one line to `ROWS`: its URL name (with its namespace), who may GET it and who may POST to it.

    "ticket_state": row(DESK, DESK),                        an address that only takes posts
    "client": row(STAFF),                                  its `code` comes from PLACES: client A's
    "lot_void": row(SUPERVISORS, SUPERVISORS, code="lot.code"),

Places in an address are looked up by name in `PLACES`, or given in the row: a path into the `World`
(tests/factories/world.py), or a literal after `=`. A second row for the same address with other objects has a `#`
and a word after its name. `marks` names the tables that a GET may write to, `answers` the statuses beside 2xx and 3xx
that those who are let in may get, `told` who gets a page that says no instead of 403: for them nothing may change.

A page that pays no heed to the method may answer a post of those who may read it, as long as it writes nothing.
Whoever is not let in gets the sign-in page, 401, 403, 404 or 405, and not a row changes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

NOBODY: frozenset[str] = frozenset()
ADMIN = frozenset({"administrator"})
TECHNICIAN = frozenset({"technician"})  # whose time and token are walked, and who has a second factor
SUPERVISORS = ADMIN | {"supervisor"}
BILLERS = SUPERVISORS | {"billing"}
WRITERS = SUPERVISORS | {"consultant"}  # of checklists
DESK = SUPERVISORS | {"technician", "consultant"}
MANAGERS = SUPERVISORS | {"consultant", "billing"}
STAFF = DESK | {"billing"}
A_LEAD = frozenset({"lead"})
A_CONTACTS = frozenset({"lead", "contact"})
CONTACTS = A_CONTACTS | {"other_lead"}
SIGNED_IN = STAFF | CONTACTS
EVERYBODY = SIGNED_IN | {"anonymous"}

PLACES = {
    "code": "client.code",
    "number": "ticket.number",
    "day": "cut_day",
    "key": "invoice.number",
    "view": "=abiertos",
    "message": "message.pk",
    "incoming": "picture.incoming.pk",
    "cid": "picture.content_id",
}


@dataclass(frozen=True)
class Row:
    """Who may do what at an address, and with which objects."""

    get: frozenset[str]
    post: frozenset[str]
    told: frozenset[str]
    marks: tuple[str, ...]
    answers: tuple[int, ...]
    places: dict[str, str]
    patch: frozenset[str] = NOBODY
    delete: frozenset[str] = NOBODY


def row(
    get: frozenset[str] = NOBODY,
    post: frozenset[str] = NOBODY,
    *,
    told: frozenset[str] = NOBODY,
    marks: tuple[str, ...] = (),
    answers: tuple[int, ...] = (),
    **places: str,
) -> Row:
    """A line of the matrix."""
    return Row(get, post, told, marks, answers, places)


API_USE = ("accounts_apitoken", "api_tokenuse")  # when a token was used last, and how often this minute


def read(
    who: frozenset[str],
    post: frozenset[str] = NOBODY,
    *,
    patch: frozenset[str] = NOBODY,
    delete: frozenset[str] = NOBODY,
    **places: str,
) -> Row:
    """An address of the API, with who may read it and who may write to it."""
    # A write that is refused after its key was looked at has taken the key's row back: that counts as written.
    marks = (*API_USE, "api_answer") if post or patch or delete else API_USE
    return replace(row(who, post, marks=marks, **places), patch=patch, delete=delete)


PUBLIC = {
    "home": row(EVERYBODY - {"anonymous"}, EVERYBODY - {"anonymous"}),  # visitors are led to the sign-in page
    "healthz": row(EVERYBODY, answers=(503,)),
    "robots": row(EVERYBODY, EVERYBODY),
    "set_language": row(post=EVERYBODY),
    "set_theme": row(post=EVERYBODY),
    "sign_in_with_link": row(EVERYBODY, EVERYBODY, token="link"),
    "sign_in_with_link#guessed": row(EVERYBODY, EVERYBODY, answers=(410,), token="=guessed"),
    "opinion": row(token="=guessed"),  # only what we signed is answered: test_satisfaction.py
    "setup": row(EVERYBODY, EVERYBODY),
    "setup_begin": row(token="=guessed"),  # the firm is set up: closed for good
    # The demo; in a firm that is none only the page that leads on to the set-up opens
    "demo_ask": row(post=EVERYBODY, token="=guessed"),
    "demo_wait": row(EVERYBODY),
    "demo_wait_part": row(EVERYBODY),
    "demo_become": row(),
    "demo_remove": row(),
    "api_docs": row(EVERYBODY),
    "api:openapi-json": row(EVERYBODY, EVERYBODY),
    "api:api-root": row(),
}
ACCOUNT = {
    "account": row(SIGNED_IN, SIGNED_IN),
    "account_tokens": row(STAFF, STAFF),
    "account_revoke_token": row(post=TECHNICIAN, pk="token.pk"),
    "account_notices": row(STAFF, STAFF),
    "account_new_target": row(post=STAFF),
    "account_drop_target": row(post=TECHNICIAN, pk="target.pk"),
    "account_try_target": row(post=TECHNICIAN, pk="target.pk"),
    "account_login": row(EVERYBODY, EVERYBODY),
    "account_logout": row(EVERYBODY, EVERYBODY),
    "account_inactive": row(EVERYBODY),
    "ask_sign_in_link": row(EVERYBODY, EVERYBODY),
    "sign_in_link_sent": row(EVERYBODY, EVERYBODY),
    "account_reauthenticate": row(SIGNED_IN, SIGNED_IN),
    "account_change_password": row(SIGNED_IN, SIGNED_IN),
    "account_set_password": row(SIGNED_IN, SIGNED_IN),
    "account_reset_password": row(EVERYBODY, EVERYBODY),
    "account_reset_password_done": row(EVERYBODY),
    "account_reset_password_from_key": row(EVERYBODY, EVERYBODY, uidb36="=1", key="=guessed"),
    "account_reset_password_from_key_done": row(EVERYBODY),
    "mfa_index": row(SIGNED_IN),
    "mfa_authenticate": row(SIGNED_IN, SIGNED_IN),  # for those half-way in; the others are led home
    "mfa_reauthenticate": row(SIGNED_IN, SIGNED_IN),
    "mfa_activate_totp": row(SIGNED_IN, SIGNED_IN),
    "mfa_deactivate_totp": row(TECHNICIAN, TECHNICIAN),
    "mfa_view_recovery_codes": row(TECHNICIAN),
    "mfa_generate_recovery_codes": row(SIGNED_IN, SIGNED_IN),
    "mfa_download_recovery_codes": row(TECHNICIAN),
}
DESK_ROWS = {
    "inbox": row(STAFF),
    "inbox_view": row(STAFF),
    "inbox_news": row(STAFF),
    "view_new": row(STAFF, STAFF),
    "view_preview": row(STAFF),
    "view_edit": row(SUPERVISORS | TECHNICIAN, SUPERVISORS | TECHNICIAN, pk="saved_view.pk"),
    "view_remove": row(post=SUPERVISORS | TECHNICIAN, pk="saved_view.pk"),
    "inbox_change": row(post=DESK),
    "inbox_pulse": row(STAFF),
    "bulk_run": row(TECHNICIAN, pk="bulk.pk"),
    "bulk_progress": row(TECHNICIAN, pk="bulk.pk"),
    "palette": row(STAFF),
    "macros": row(DESK),
    "macro_new": row(DESK, DESK),
    "macro": row(SUPERVISORS, SUPERVISORS, pk="macro.pk"),
    "ticket_macro": row(DESK, DESK, pk="macro.pk"),
    "search": row(STAFF),
    "notices": row(STAFF),
    "notices_all_read": row(post=STAFF),
    "notice": row(post=TECHNICIAN, pk="notice.pk"),
    "ticket_follow": row(DESK, DESK),
    "team": row(STAFF, STAFF),
    "team_approve_leave": row(post=STAFF, pk="leave.pk"),
    "team_cancel_leave": row(post=STAFF, pk="leave.pk"),
    "ticket_new": row(DESK, DESK),
    "ticket": row(STAFF, marks=("tickets_ticket",)),
    "ticket_peek": row(STAFF),
    "ticket_news": row(STAFF, marks=("tickets_ticket",)),
    "ticket_panel": row(STAFF, name="=cliente"),
    "ticket_identify": row(DESK, DESK, number="stray.number"),
    "ticket_reply": row(DESK, DESK),
    "ticket_note": row(DESK, DESK),
    "ticket_draft": row(DESK, DESK),
    "ticket_send_again": row(DESK, DESK, message="answer.pk"),
    "ticket_state": row(DESK, DESK),
    "ticket_undo": row(DESK, DESK),
    "ticket_assignee": row(DESK, DESK),
    "ticket_priority": row(DESK, DESK),
    "ticket_tags": row(DESK, DESK),
    "ticket_area": row(DESK, DESK),
    "ticket_queue": row(DESK, DESK),
    "ticket_contract": row(DESK, DESK),
    "ticket_contact": row(DESK, DESK),
    "ticket_snooze": row(DESK, DESK),
    "ticket_history": row(DESK),
    "ticket_checklist_start": row(DESK, DESK),
    "ticket_checklist_answer": row(DESK, DESK),
    "ticket_checklist_drop": row(DESK, DESK),
    "ticket_outage": row(DESK, DESK),
    "ticket_presence": row(DESK, DESK),
    "ticket_fields": row(DESK, DESK),
    "ticket_join": row(DESK),
    "ticket_merge": row(DESK, DESK),
    "ticket_merge_undo": row(DESK, DESK),
    "ticket_split": row(DESK, DESK),
    "ticket_link": row(DESK, DESK),
    "ticket_parent": row(DESK, DESK),
    "ticket_solve_children": row(DESK, DESK),
    "ticket_deadlines": row(STAFF),
    "ticket_normal": row(DESK, DESK),
    "ticket_record_time": row(DESK, DESK),
    "attachment": row(STAFF | A_LEAD, pk="attachment.pk"),
    "attachment#note": row(DESK, pk="secret.pk"),
    "inline_image": row(STAFF | A_LEAD),
    "remote_image": row(),  # only what we signed is fetched: test_desk_files.py
    "timer": row(DESK),
    "timer_start": row(DESK, DESK),
    "timer_stop": row(DESK, DESK),
    "timer_keep": row(DESK, DESK),
    "timer_discard": row(DESK, DESK),
    "register": row(STAFF),
    "register_csv": row(STAFF),
    "my_day": row(DESK),
    "my_day_of": row(DESK),
    "my_day_line": row(DESK, DESK),
    "entry_edit": row(TECHNICIAN, TECHNICIAN, pk="entry.pk"),
    "entry_delete": row(DESK, TECHNICIAN, pk="entry.pk"),
    "entry_make_room": row(DESK, TECHNICIAN, pk="entry.pk"),
}
CLIENTS = {
    "clients": row(STAFF),
    "client_new": row(MANAGERS, MANAGERS),
    "client": row(STAFF),
    "client_tickets": row(STAFF),
    "client_ledger": row(STAFF),
    "client_statement": row(STAFF),
    "client_statement_csv": row(STAFF),
    "client_statement_pdf": row(STAFF),
    "client_data": row(STAFF, MANAGERS),
    "client_new_domain": row(post=MANAGERS),
    "client_drop_domain": row(post=MANAGERS, pk="domain.pk"),
    "client_new_site": row(post=STAFF),
    "client_drop_site": row(post=MANAGERS, pk="site.pk"),
    "client_stop": row(post=MANAGERS),
    "client_resume": row(post=MANAGERS),
    "client_people": row(STAFF, STAFF),
    "client_contact": row(STAFF, MANAGERS, pk="lead.pk"),
    "client_contact#without_rights": row(STAFF, STAFF, pk="plain_contact.pk"),
    "client_contact_rights": row(post=MANAGERS, pk="contact.pk"),
    "client_contact_substitutes": row(post=MANAGERS, pk="lead.pk"),
    "client_contact_give": row(post=MANAGERS, pk="plain_contact.pk"),
    "client_contact_take": row(post=MANAGERS, pk="contact.pk"),
    "client_contact_leave": row(post=MANAGERS, pk="contact.pk"),
    "client_contact_back": row(post=MANAGERS, pk="contact.pk"),
}
CONTRACTS = {
    "plans": row(STAFF),
    "plan_new": row(SUPERVISORS, SUPERVISORS),
    "plan_from_template": row(post=SUPERVISORS),
    "plan": row(STAFF, code="plan.plan.code"),
    "plan_edit": row(SUPERVISORS, SUPERVISORS, code="plan.plan.code"),
    "plan_publish": row(SUPERVISORS, SUPERVISORS, code="unpublished.plan.code"),
    "plan_withdraw": row(post=SUPERVISORS, code="plan.plan.code"),
    "plan_offer": row(post=SUPERVISORS, code="plan.plan.code"),
    "contracts": row(STAFF),
    "contract": row(STAFF, number="contract.number"),
    "contract_ledger": row(STAFF, number="contract.number"),
    "contract_ledger_csv": row(STAFF, number="contract.number"),
    "contract_ledger_pdf": row(STAFF, number="contract.number"),
    "contract_end": row(SUPERVISORS, SUPERVISORS, number="contract.number"),
    "contract_again": row(SUPERVISORS, SUPERVISORS, number="contract.number"),
    "compliance": row(STAFF),
    "client_compliance": row(STAFF),
    "client_compliance_csv": row(STAFF),
    "client_compliance_pdf": row(STAFF),
    "service_terms": row(SUPERVISORS, SUPERVISORS),
    "service_question": row(STAFF),
    "client_terms": row(SUPERVISORS, SUPERVISORS),
    "contract_terms": row(SUPERVISORS, SUPERVISORS, number="contract.number"),
    "simulator": row(SUPERVISORS, SUPERVISORS),
    "contract_settle": row(SUPERVISORS, SUPERVISORS, number="contract.number"),
    "contract_follow": row(post=SUPERVISORS, number="contract.number"),
    "contract_stop_renewal": row(post=SUPERVISORS, number="contract.number"),
    "contract_stop_packs": row(post=SUPERVISORS, number="contract.number"),
    "contract_order": row(STAFF),
    "contract_order_move": row(post=SUPERVISORS),
    "contract_new": row(SUPERVISORS, SUPERVISORS),
    "quote_new": row(SUPERVISORS, SUPERVISORS),
    "quote_edit": row(SUPERVISORS, SUPERVISORS, number="drafted.number"),
    "quote_send": row(post=SUPERVISORS, number="drafted.number"),
    "quote_withdraw": row(post=SUPERVISORS, number="quote.number"),
    "quote_copy": row(post=SUPERVISORS, number="quote.number"),
    "quote_accept": row(SUPERVISORS, SUPERVISORS, number="quote.number"),
    "quote_signed": row(STAFF, number="signed.number"),
    "lot_void": row(SUPERVISORS, SUPERVISORS, code="lot.code"),
    "lot_cover": row(SUPERVISORS, SUPERVISORS, code="lot.code"),
    "lot_transfer": row(SUPERVISORS, SUPERVISORS, code="lot.code"),
    "lot_replace": row(SUPERVISORS, SUPERVISORS, code="lot.code"),
    "lot_revalue": row(BILLERS, BILLERS, code="lot.code"),
    "pack_order": row(BILLERS, BILLERS, number="contract.number"),
    "pack_price": row(BILLERS, number="contract.number"),
    "pack_pay_back": row(BILLERS, BILLERS, code="ordered.code"),
}
HOURS = {
    "hours": row(STAFF),
    "hours_day": row(BILLERS),
    "hours_close": row(post=SUPERVISORS),
    "hours_review": row(post=SUPERVISORS),
    "hours_send": row(post=SUPERVISORS),
    "hours_entry": row(SUPERVISORS | TECHNICIAN, pk="sent.pk"),
    "hours_entry#approved": row(BILLERS | TECHNICIAN, pk="approved.pk"),
    "hours_adjust": row(post=SUPERVISORS, pk="sent.pk"),
    "hours_goodwill": row(post=SUPERVISORS, pk="sent.pk"),
    "hours_reject": row(post=SUPERVISORS, pk="sent.pk"),
    "hours_answer": row(post=SUPERVISORS, pk="sent.pk"),
    "hours_comment": row(post=SUPERVISORS | TECHNICIAN, pk="sent.pk"),
    "hours_contract": row(post=SUPERVISORS, pk="sent.pk"),
    "hours_correct": row(post=BILLERS | TECHNICIAN, pk="approved.pk", told=frozenset({"billing"})),
    "hours_free": row(post=SUPERVISORS, pk="approved.pk"),
    "hours_again": row(post=SUPERVISORS, pk="approved.pk"),
    "hours_timer_end": row(post=SUPERVISORS, pk="timer.pk"),
    "hours_timer_ask": row(post=SUPERVISORS, pk="timer.pk"),
}
INVOICES = {
    "invoices": row(BILLERS),
    "invoice_prepare": row(BILLERS, BILLERS),
    "invoice_run": row(BILLERS, pk="run.pk"),
    "invoice_run_progress": row(BILLERS, pk="run.pk"),
    "invoice_export": row(BILLERS),
    "invoice": row(BILLERS),
    "invoice#draft": row(BILLERS, key="draft_key"),
    "invoice_pdf": row(BILLERS, marks=("billing_invoice", "foundation_storedfile")),
    "invoice_add_line": row(post=BILLERS, key="draft_key"),
    "invoice_discount_line": row(BILLERS, BILLERS, key="draft_key", pk="line.pk"),
    "invoice_remove_line": row(post=BILLERS, key="draft_key", pk="line.pk"),
    "invoice_discount": row(post=BILLERS, key="draft_key"),
    "invoice_deduct": row(post=BILLERS, key="draft_key", pk="line.pk"),
    "invoice_tax": row(post=BILLERS, key="draft_key"),
    "invoice_recompute": row(post=BILLERS, key="draft_key"),
    "invoice_discard": row(BILLERS, BILLERS, key="draft_key"),
    "invoice_issue": row(BILLERS, BILLERS, key="draft_key"),
    "invoice_send": row(post=BILLERS),
    "invoice_payment": row(post=BILLERS),
    "invoice_payment_correct": row(BILLERS, BILLERS, pk="payment.pk"),
    "invoice_batch_choose": row(BILLERS, BILLERS),
    "invoice_batch": row(BILLERS, pk="batch.pk"),
    "invoice_batch_progress": row(BILLERS, pk="batch.pk"),
    "books": row(ADMIN | {"billing"}),
    "books_close": row(post=ADMIN | {"billing"}),
    "books_series": row(post=ADMIN | {"billing"}),
    "books_reminders": row(post=ADMIN | {"billing"}),
    "invoice_reminders": row(post=BILLERS),
    "client_reminders": row(post=BILLERS),
    "client_account_pdf": row(BILLERS),
    "invoice_apply_held": row(post=BILLERS),
    "invoice_hold": row(post=BILLERS),
    "invoice_payment_dispute": row(BILLERS, BILLERS, pk="payment.pk"),
    "invoice_dispute_settle": row(BILLERS, BILLERS, pk="payment.pk"),
    "client_account": row(BILLERS),
    "client_account_csv": row(BILLERS),
    "client_advance": row(post=BILLERS),
    "client_deposit": row(post=BILLERS),
    "invoice_credit": row(BILLERS, BILLERS),
    "invoice_credit_lines": row(BILLERS, BILLERS),
}
MAIL = {
    "mail_incoming": row(DESK, shelf="=cuarentena"),
    "mail_raw": row(DESK, pk="incoming.pk"),
    "mail_retry": row(post=DESK, pk="incoming.pk"),
    "mail_refuse": row(post=DESK, pk="incoming.pk"),
    "mail_outgoing": row(SUPERVISORS, shelf="=en-espera"),
    "mail_letter": row(SUPERVISORS, pk="outgoing.pk"),
    "mail_letter_file": row(SUPERVISORS, pk="outgoing.pk", file="outgoing_file.pk"),
    "mail_works_again": row(post=SUPERVISORS, pk="returned_address.pk"),
    "mail_again": row(post=SUPERVISORS, pk="outgoing.pk"),
}
SETTINGS = {
    "settings": row(ADMIN, ADMIN),
    "settings_firm": row(ADMIN, ADMIN),
    "settings_hours": row(ADMIN, ADMIN),
    "settings_new_holiday": row(post=ADMIN),
    "settings_drop_holiday": row(post=ADMIN, pk="holiday.pk"),
    "settings_desk": row(ADMIN, ADMIN),
    "settings_new_field": row(post=ADMIN),
    "settings_field": row(ADMIN, ADMIN, pk="ticket_field.pk"),
    "settings_drop_field": row(post=ADMIN, pk="ticket_field.pk"),
    "settings_checklists": row(ADMIN | WRITERS, ADMIN | WRITERS),
    "settings_checklist": row(ADMIN | WRITERS, ADMIN | WRITERS, pk="checklist.pk"),
    "settings_drop_checklist": row(post=ADMIN | WRITERS, pk="checklist.pk"),
    "settings_areas": row(ADMIN, ADMIN),
    "settings_area": row(ADMIN, ADMIN, pk="area.pk"),
    "settings_drop_area": row(post=ADMIN, pk="area.pk"),
    "settings_queues": row(ADMIN, ADMIN),
    "settings_queue": row(ADMIN, ADMIN, pk="queue.pk"),
    "settings_invoicing": row(ADMIN, ADMIN),
    "settings_mail": row(ADMIN, ADMIN),
    "settings_new_mailbox": row(ADMIN, ADMIN),
    "settings_mailbox": row(ADMIN, ADMIN, pk="mailbox.pk"),
    "settings_mail_rules": row(ADMIN, ADMIN),
    "settings_mail_rule": row(ADMIN, ADMIN, pk="mail_rule.pk"),
    "settings_drop_mail_rule": row(post=ADMIN, pk="mail_rule.pk"),
    "settings_people": row(ADMIN, ADMIN),
    "settings_person": row(ADMIN, ADMIN, pk="colleague.pk"),
    "settings_week": row(ADMIN, ADMIN, pk="colleague.pk"),
    "settings_teams": row(ADMIN, ADMIN),
    "settings_team": row(ADMIN, ADMIN, pk="team.pk"),
    "settings_dissolve_team": row(post=ADMIN, pk="team.pk"),
    "settings_giving_out": row(post=ADMIN),
    "settings_competences": row(post=ADMIN, pk="colleague.pk"),
    "settings_invite": row(post=ADMIN, pk="colleague.pk"),
    "settings_close": row(post=ADMIN, pk="colleague.pk"),
    "settings_reopen": row(post=ADMIN, pk="colleague.pk"),
    "settings_forget_factor": row(post=ADMIN, pk="colleague.pk"),
    "settings_imports": row(ADMIN, ADMIN),
    "settings_import_example": row(ADMIN, kind="=clients"),
    "settings_import": row(ADMIN, pk="brought.pk"),
    "settings_import_progress": row(ADMIN, pk="brought.pk"),
    "settings_import_columns": row(post=ADMIN, pk="brought.pk"),
    "settings_import_confirm": row(post=ADMIN, pk="brought.pk"),
    "settings_import_drop": row(post=ADMIN, pk="brought.pk"),
    "settings_import_report": row(ADMIN, pk="brought.pk"),
    "setup_firm": row(ADMIN, ADMIN),
    "setup_hours": row(ADMIN, ADMIN),
    "setup_new_holiday": row(post=ADMIN),
    "setup_drop_holiday": row(post=ADMIN, pk="holiday.pk"),
    "setup_mail": row(ADMIN, ADMIN),
    "setup_plans": row(ADMIN, ADMIN),
    "setup_people": row(ADMIN, ADMIN),
    "setup_ready": row(ADMIN, ADMIN),
}
PORTAL = {
    "portal": row(CONTACTS),
    "portal_requests": row(CONTACTS),
    "portal_request_new": row(CONTACTS, CONTACTS),
    "portal_request": row(A_LEAD),
    "portal_request#own": row(A_CONTACTS, number="own_ticket.number"),
    "portal_reply": row(post=A_LEAD),
    "portal_reply#own": row(post=A_CONTACTS, number="own_ticket.number"),
    "portal_hours": row(CONTACTS),
    "portal_pack": row(A_LEAD, A_LEAD, number="contract.number"),
    "portal_pack_price": row(A_LEAD, number="contract.number"),
    "portal_client_statement": row(CONTACTS),
    "portal_client_statement_csv": row(CONTACTS),
    "portal_client_statement_pdf": row(CONTACTS),
    "portal_statement": row(A_CONTACTS, number="contract.number"),
    "portal_statement_csv": row(A_CONTACTS, number="contract.number"),
    "portal_statement_pdf": row(A_CONTACTS, number="contract.number"),
    "portal_work": row(CONTACTS),
    "portal_entry": row(A_CONTACTS, pk="sent.pk"),
    "portal_entry#untold": row(pk="entry.pk"),
    "portal_consent": row(post=A_LEAD, told=frozenset({"contact"}), pk="approved.pk"),
    "portal_substitutes": row(A_LEAD | {"other_lead"}, A_LEAD | {"other_lead"}),
    "portal_comment": row(post=A_LEAD, told=frozenset({"contact"}), pk="sent.pk"),
    "portal_approvals": row(CONTACTS, CONTACTS),
    "portal_dispute": row(A_CONTACTS, A_LEAD, told=frozenset({"contact"}), pk="sent.pk"),
    "portal_compliance": row(frozenset({"lead", "other_lead"})),
    "portal_compliance_csv": row(frozenset({"lead", "other_lead"})),
    "portal_compliance_pdf": row(frozenset({"lead", "other_lead"})),
    "portal_contracts": row(A_LEAD | {"other_lead"}),
    "portal_contract": row(A_LEAD, number="quote.number"),
    "portal_contract#draft": row(number="drafted.number"),
    "portal_contract_accept": row(post=A_LEAD, number="quote.number"),
    "portal_contract_stop": row(post=A_LEAD, number="contract.number"),
    "portal_contract_stop_packs": row(post=A_LEAD, number="contract.number"),
    "portal_contract_decline": row(post=A_LEAD, number="quote.number"),
    "portal_invoices": row(A_LEAD | {"other_lead"}),
    "portal_account": row(A_LEAD | {"other_lead"}),
    "portal_account_pdf": row(A_LEAD | {"other_lead"}),
    "portal_account_csv": row(A_LEAD | {"other_lead"}),
    "portal_invoice": row(A_LEAD, number="invoice.number"),
    "portal_invoice#draft": row(number="draft_key"),
    "portal_invoice_pdf": row(A_LEAD, number="invoice.number"),
}
API = {
    "api:clients": read(SIGNED_IN, MANAGERS),
    "api:client": read(STAFF | A_CONTACTS, patch=MANAGERS),
    "api:contacts": read(STAFF, STAFF),
    "api:contact": read(STAFF, patch=STAFF, id="plain_contact.pk"),
    "api:tickets": read(SIGNED_IN),
    "api:ticket": read(STAFF | A_LEAD),
    "api:ticket#own": read(STAFF | A_CONTACTS, number="own_ticket.number"),
    "api:messages": read(STAFF | A_LEAD),
    "api:time_entries": read(SIGNED_IN, DESK),
    "api:time_entry": read(
        SUPERVISORS | TECHNICIAN | A_CONTACTS, patch=DESK, delete=TECHNICIAN, id="sent.pk"
    ),
    "api:time_entry#open": read(SUPERVISORS | TECHNICIAN, patch=DESK, delete=TECHNICIAN, id="entry.pk"),
    "api:time_entry_approve": read(NOBODY, SUPERVISORS | A_LEAD | {"other_lead"}, id="sent.pk"),
    "api:time_entry_dispute": read(NOBODY, A_LEAD | {"other_lead"}, id="sent.pk"),
    "api:time_entry_answer": read(NOBODY, SUPERVISORS, id="sent.pk"),
    "api:time_entry_corrections": read(NOBODY, SUPERVISORS | DESK, id="sent.pk"),
    "api:time_entry_reject": read(NOBODY, SUPERVISORS, id="sent.pk"),
    "api:contracts": read(SIGNED_IN, SUPERVISORS),
    "api:contract": read(STAFF | A_CONTACTS, number="contract.number"),
    "api:contract_end": read(NOBODY, SUPERVISORS, number="contract.number"),
    "api:contract_packs": read(NOBODY, BILLERS, number="contract.number"),
    "api:quotes": read(NOBODY, SUPERVISORS),
    "api:quote": read(STAFF | A_CONTACTS, number="contract.number"),
    "api:quote#sent": read(STAFF, number="quote.number"),
    "api:quote_send": read(NOBODY, SUPERVISORS, number="quote.number"),
    "api:quote_withdraw": read(NOBODY, SUPERVISORS, number="quote.number"),
    "api:quote_acceptance": read(NOBODY, SUPERVISORS, number="quote.number"),
    "api:balances": read(SIGNED_IN),
    "api:balance": read(STAFF | A_CONTACTS, number="contract.number"),
    "api:invoices": read(BILLERS | A_LEAD | {"other_lead"}),
    "api:invoice": read(BILLERS | A_LEAD, delete=BILLERS, id="invoice.pk"),
    "api:invoice#draft": read(BILLERS, delete=BILLERS, id="draft.pk"),
    "api:invoice_runs": read(NOBODY, BILLERS),
    "api:invoice_lines": read(NOBODY, BILLERS, id="draft.pk"),
    "api:invoice_line": read(NOBODY, patch=BILLERS, delete=BILLERS, id="draft.pk", position="line.position"),
    "api:invoice_issue": read(NOBODY, BILLERS, id="draft.pk"),
    "api:invoice_credit": read(NOBODY, BILLERS, id="invoice.pk"),
    "api:invoice_payments": read(NOBODY, BILLERS, id="invoice.pk"),
    "api:sla": row(post=SIGNED_IN),  # it keeps nothing but when and how often it was asked
    "api:simulate": row(post=SIGNED_IN),  # it keeps nothing but when and how often it was asked
}
ROWS = {
    **PUBLIC,
    **ACCOUNT,
    **DESK_ROWS,
    **CLIENTS,
    **CONTRACTS,
    **HOURS,
    **INVOICES,
    **MAIL,
    **SETTINGS,
    **PORTAL,
    **API,
}
