"""Facturae 3.2.2: how Spain's administrations want their invoices, signed."""

from ecuanime.billing.einvoice.facturae.faults import facturae_faults
from ecuanime.billing.einvoice.facturae.signing import signed_facturae
from ecuanime.billing.einvoice.facturae.writing import as_facturae

__all__ = ["as_facturae", "facturae_faults", "signed_facturae"]
