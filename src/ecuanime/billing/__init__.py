"""Billing: from approved work to an invoice that explains itself.

It keeps charges, invoice runs, invoices with their numbers, payments and credit notes, and one folder per
country pack. What was worked and drawn it takes from worklog and entitlements; it never draws, and never
changes an issued figure.
"""
