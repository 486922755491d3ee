"""The firm's mailboxes set up: how their mail leaves and how it is fetched, with passwords sealed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from ecuanime.accounts.models import Language
from ecuanime.channels.models import ImapSource
from ecuanime.delivery.models import Mailbox, Security
from ecuanime.foundation import audit
from ecuanime.foundation.errors import Refused
from ecuanime.foundation.secrets import seal

_SAME_PLACE = ("host", "username", "folder")


@dataclass(frozen=True)
class MailboxSettings:
    """A mailbox as a person writes it down. An empty `password` keeps the one kept; an empty host means none."""

    address: str
    display_name: str = ""
    signature: str = ""
    language: str = Language.ES
    aliases: tuple[str, ...] = ()
    trusted_receiver: str = ""
    warms_up: bool = False
    username: str = ""
    password: str = ""
    smtp_host: str = ""
    smtp_port: int = 465
    smtp_security: str = Security.TLS
    imap_host: str = ""
    imap_port: int = 993
    imap_security: str = Security.TLS
    folder: str = "INBOX"
    takes_existing: bool = False
    deletes_after_intake: bool = False


@transaction.atomic
def set_up_mailbox(*, mailbox: Mailbox | None, settings: MailboxSettings, now: datetime) -> Mailbox:
    """Write a mailbox down, a new one when `mailbox` is None; the first one is the default.

    Its mail is not fetched until `start_fetching`; what is fetched already goes on unless the place changed.
    Refuses `bad_email`, `email_taken`, `bad_alias` and `alias_taken`.
    """
    address = settings.address.strip().lower()
    if not _is_address(address):
        raise Refused("bad_email", _("This is not an e-mail address. Check how it is written."))
    kept = Mailbox.objects.select_for_update().get(pk=mailbox.pk) if mailbox else Mailbox()
    if _is_taken(address, kept):
        raise Refused(
            "email_taken", _("There is already a mailbox with this address, so nothing was changed.")
        )
    kept.aliases = _checked_aliases(settings.aliases, address, kept)
    kept.trusted_receiver = settings.trusted_receiver.strip().lower()
    kept.warms_up_since = (kept.warms_up_since or now) if settings.warms_up else None
    kept.address, kept.display_name = address, settings.display_name.strip()
    kept.signature, kept.language = settings.signature.strip(), settings.language
    kept.smtp_host, kept.smtp_port = settings.smtp_host.strip(), settings.smtp_port
    kept.smtp_security, kept.smtp_username = settings.smtp_security, settings.username.strip()
    if settings.password:
        kept.smtp_password_sealed = seal(settings.password)
    if kept.pk is None:
        kept.is_default = not Mailbox.objects.filter(is_default=True).exists()
    kept.save()
    _write_source(kept, settings)
    audit.record("mailbox_set_up", kept, now=now, address=address)
    return kept


@transaction.atomic
def start_fetching(*, mailbox: Mailbox, now: datetime) -> ImapSource:
    """Fetch its mail from now on. Refuses `no_source` when no incoming server is written down."""
    source = ImapSource.objects.select_for_update().filter(mailbox=mailbox).first()
    if source is None:
        raise Refused("no_source", _("Write down the incoming server first."))
    if not source.is_active:
        source.is_active = True
        audit.record("mailbox_fetching_started", mailbox, now=now)
    source.next_due_at, source.failures, source.last_error = now, 0, ""
    source.save(update_fields=["is_active", "next_due_at", "failures", "last_error"])
    return source


@transaction.atomic
def stop_fetching(*, mailbox: Mailbox, now: datetime) -> None:
    """Leave its mail at the server until fetching is started again."""
    if ImapSource.objects.filter(mailbox=mailbox, is_active=True).update(is_active=False):
        audit.record("mailbox_fetching_stopped", mailbox, now=now)


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def _is_taken(address: str, kept: Mailbox) -> bool:
    others = Mailbox.objects.exclude(pk=kept.pk)
    return others.filter(Q(address__iexact=address) | Q(aliases__contains=[address])).exists()


def _checked_aliases(aliases: Iterable[str], address: str, kept: Mailbox) -> list[str]:
    """Each once, in lower case, without the mailbox's own address."""
    found = dict.fromkeys(alias.strip().lower() for alias in aliases)
    for alias in found:
        if not _is_address(alias):
            text = _("“%(alias)s” is not an e-mail address. Write one alias to a line.")
            raise Refused("bad_alias", text % {"alias": alias[:100]})
        if _is_taken(alias, kept):
            text = _("%(alias)s belongs to another mailbox already, so nothing was changed.")
            raise Refused("alias_taken", text % {"alias": alias})
    return [alias for alias in found if alias != address]


def _write_source(mailbox: Mailbox, settings: MailboxSettings) -> None:
    source = ImapSource.objects.select_for_update().filter(mailbox=mailbox).first()
    host = settings.imap_host.strip()
    if not host:
        if source is not None:
            source.is_active = False
            source.save(update_fields=["is_active"])
        return
    source = source or ImapSource(mailbox=mailbox, is_active=False)
    before = [getattr(source, field) for field in _SAME_PLACE]
    source.host, source.port, source.security = host, settings.imap_port, settings.imap_security
    source.username, source.folder = settings.username.strip(), settings.folder.strip() or "INBOX"
    if settings.takes_existing and not source.takes_existing:
        source.last_uid = 0  # what was left alone so far is taken in; what was taken in is known
    source.takes_existing, source.deletes_after_intake = (
        settings.takes_existing,
        settings.deletes_after_intake,
    )
    if settings.password:
        source.password_sealed = seal(settings.password)
    elif not source.password_sealed:
        source.password_sealed = mailbox.smtp_password_sealed
    if before != [getattr(source, field) for field in _SAME_PLACE]:
        source.is_active = False
        source.uid_validity, source.last_uid, source.left_behind = None, 0, []
    source.save()
