"""Runs, documents, credits, payments, packs sold, accounts and exports."""
