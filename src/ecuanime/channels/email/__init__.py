"""E-mail in: mailboxes, the raw bytes as they arrived, reading them safely, and finding the ticket they belong to."""
