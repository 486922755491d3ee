"""Showing an action's refusal where the person can put it right."""

from __future__ import annotations

from django.forms import BaseForm

from ecuanime.foundation.errors import Refused

FIELDS = {
    "no_name": "name",
    "unknown_country": "country",
    "unknown_time_zone": "time_zone",
    "unknown_currency": "currency",
    "unknown_language": "language",
    "unknown_region": "holiday_subdivision",
    "bad_email": "email",
    "email_taken": "email",
    "bad_sender": "senders",
    "bad_tag": "tags",
    "bad_alias": "aliases",
    "alias_taken": "aliases",
    "weak_password": "password",
    "closes_before_it_opens": "closes_at",
    "bad_domain": "domain",
    "public_mail": "domain",
    "own_domain": "domain",
    "domain_taken": "domain",
    "holiday_known": "on",
    "area_known": "name",
    "no_title": "title",
    "half_quiet": "quiet_ends",
    "bad_target": "url",
    "team_known": "name",
    "leave_overlaps": "first_day",
    "bad_times": "until_time",
    "queue_known": "name",
    "mailbox_taken": "mailbox",
    "already_expired": "days",
    "no_role": "roles",
    "last_administrator": "roles",
    "limits_without_right": "is_project_lead",
    "no_description": "description",
    "no_units": "units",
    "bad_price": "price",
    "bad_kind": "kind",
    "bad_code": "code",
    "code_taken": "code",
    "bad_digits": "digits",
    "in_use": "shape",
    "bad_days": "days",
    "not_over": "through",
    "closed_period": "received_on",
    "no_amount": "amount",
    "above_owed": "amount",
    "below_paid": "amount",
    "future": "received_on",
    "no_reason": "reason",
    "no_address": "to",
    "bad_address": "to",
    "too_many_addresses": "to",
    "no_price": "hours",
    "ends_before_start": "ends_on",
    "valid_until_past": "valid_until",
    "starts_too_early": "starts_on",
    "of_another": "replaces",
    "not_in_force": "replaces",
    "already_replaced": "replaces",
    "not_published": "version",
    "withdrawn": "version",
    "no_proof": "note",
    "not_their_contact": "contact",
    "bad_tax_id": "supplier_tax_id",
    "no_paper": "file",
    "bad_sum": "to_pay",
    "bad_withheld": "withheld",
    "below_zero": "is_credit_note",
    "above_zero": "to_pay",
}


def tell(form: BaseForm, refusal: Refused) -> None:
    """Put the refusal beside the field it is about, or above the form when it is about none of its fields."""
    field = FIELDS.get(refusal.code, refusal.code)
    form.add_error(field if field in form.fields else None, str(refusal))
