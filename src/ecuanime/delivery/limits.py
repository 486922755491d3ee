"""How much mail the product may write by itself, so that two machines never answer each other for long."""

from __future__ import annotations

from datetime import datetime


def may_send_automatic(*, address: str, subject_key: str, now: datetime) -> bool:
    """Whether one more automatic mail to `address` about `subject_key` is within the limits.

    Never to no-reply addresses, daemons, the firm's own mailboxes or something that is no address.
    """
    raise NotImplementedError
