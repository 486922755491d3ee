"""What leaves: the mailboxes the firm answers from and the outbox, written with the business, sent after it.

It knows no ticket and no invoice: whoever wants something sent keeps the key of its `OutgoingMail`.
"""
