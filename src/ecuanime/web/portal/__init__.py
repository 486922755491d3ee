"""What a client's contact sees: requests, hours, approvals, invoices."""
