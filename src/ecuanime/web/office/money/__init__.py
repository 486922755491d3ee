"""What clients owe and pay: their accounts, payments of a document, aged receivables."""
