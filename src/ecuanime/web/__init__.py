"""Screens, by audience: desk (technicians), office (contracts, hours, invoices), portal (clients), public.

A view checks who asks, reads its form, calls one action or some queries, and renders. No business rule lives here.
"""
