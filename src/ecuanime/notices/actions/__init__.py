"""Every write about notices."""

from ecuanime.notices.actions.left_due import tell_left_due
from ecuanime.notices.actions.reading import (
    mark_all_read,
    mark_read,
    mark_subject_read,
    settle_subject,
)
from ecuanime.notices.actions.sending import send_bundle
from ecuanime.notices.actions.telling import Words, tell
from ecuanime.notices.actions.wishes import add_target, remove_target, set_wishes, try_target

__all__ = [
    "Words",
    "add_target",
    "mark_all_read",
    "mark_read",
    "mark_subject_read",
    "remove_target",
    "send_bundle",
    "set_wishes",
    "settle_subject",
    "tell",
    "tell_left_due",
    "try_target",
]
