"""Billing: from approved work to an invoice that explains itself.

It keeps charges (packs, fees), invoice runs, invoices with their series, advances and credit notes, the money that
comes, is held and is disputed, reminders, closed periods, and one folder per country pack. What was worked and drawn
it takes from worklog and entitlements; it never draws, and never changes an issued figure.
"""
