"""What a query can say, an example and its meaning a line: the editor of views shows them."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LINES: tuple[tuple[Promise, Promise], ...] = (
    (
        _("is:open is:unread is:unassigned"),
        _("open (not solved or closed), done, unread, waiting, unassigned, unknown"),
    ),
    (_("state:new,open"), _("one of several; also waiting_client, waiting_third, solved, closed")),
    (_("priority:<=high"), _("urgent, high, normal, low, or 1 to 4")),
    (
        _('assignee:me client:acme area:linux queue:"second line" tag:backup contact:ana'),
        _("a code, an address or part of a name; “none” for those without"),
    ),
    (
        _("created:>2026-01-01 updated:<2d waiting:>4h solved:2026-03"),
        _("a day, a month, from..to, or an age in m, h, d, w"),
    ),
    (
        _("due:<2d is:late is:snoozed"),
        _(
            "promised within two days or past; broken promises; put off, which a view leaves out unless it says so"
        ),
    ),
    (
        _("field.serial_number:AB12 field.people:>=5"),
        _("a field of the firm's own by its name; AB* for what begins so; “none” for those without"),
    ),
    (_("-tag:spam"), _("a minus sign turns a condition round")),
    (_('words "a phrase"'), _("words of the subject, or their beginnings")),
)
