"""Every public test mail at hand, read: nothing raises, nearly all are parsed, memory stays bounded.

Beside it the standard library reads the same mails where it can, as an independent opinion on subject and sender.
"""

from __future__ import annotations

import os
from collections import Counter
from email import message_from_bytes, policy
from pathlib import Path

import pytest

from ecuanime.channels.email.reading import MailReader, ParsedMail, Reading, Refusal
from ecuanime.channels.email.reading.clean import clean_html
from ecuanime.channels.email.reading.quotes import split_html, split_text
from ecuanime.channels.email.reading.text import html_to_text

CORPUS = Path(os.environ.get("ECUANIME_MAIL_CORPUS", Path(__file__).parents[3] / "shared" / "data" / "mail"))

pytestmark = [pytest.mark.peers, pytest.mark.skipif(not CORPUS.is_dir(), reason="no mail corpus here")]

MADE_TO_HURT = {"enclosed-endless.eml", "long-header.eml"}


def _mails() -> list[Path]:
    return sorted(path for path in CORPUS.rglob("*") if path.is_file())


@pytest.fixture(scope="module")
def readings() -> dict[Path, Reading]:
    with MailReader(processes=1) as reader:
        read = {path: reader.read(path.read_bytes()) for path in _mails()}
        (pid,) = reader.idle_processes()
        peaks = [
            line for line in Path(f"/proc/{pid}/status").read_text().splitlines() if line.startswith("VmHWM")
        ]
        assert int(peaks[0].split()[1]) < 150 * 1024
    return read


def test_every_mail_gets_an_answer_and_nearly_all_are_parsed(readings: dict[Path, Reading]) -> None:
    counts = Counter(type(reading).__name__ for reading in readings.values())
    refused = {path.name for path, reading in readings.items() if isinstance(reading, Refusal)}
    assert sum(counts.values()) == len(_mails())
    assert refused <= MADE_TO_HURT
    assert counts["Unreadable"] == 0
    assert counts["ParsedMail"] == len(_mails()) - len(refused)


def test_every_body_can_be_shown_searched_and_folded(readings: dict[Path, Reading]) -> None:
    for mail in readings.values():
        if not isinstance(mail, ParsedMail):
            continue
        for split, body in ((split_text, mail.body_text), (split_html, mail.body_html)):
            assert "".join(part.content for part in split(body).parts) == body
        cleaned = clean_html(mail.body_html)
        assert " style=" not in cleaned.html
        assert "<script" not in cleaned.html
        assert 'src="http' not in cleaned.html.replace("data-remote-src", "")
        html_to_text(mail.body_html)


def test_the_standard_library_agrees_on_subject_and_sender(readings: dict[Path, Reading]) -> None:
    same: Counter[str] = Counter()
    different: dict[str, list[str]] = {"subject": [], "sender": []}
    for path, mail in readings.items():
        if not isinstance(mail, ParsedMail):
            continue
        try:
            peer = message_from_bytes(path.read_bytes(), policy=policy.default)
            subject = " ".join(str(peer["subject"] or "").split())
            senders = peer["from"].addresses if peer["from"] else ()
        except (LookupError, ValueError, AttributeError, IndexError):
            continue
        ours = {
            "subject": " ".join(mail.subject.split()),
            "sender": mail.author.address.lower() if mail.author else "",
        }
        theirs = {"subject": subject, "sender": senders[0].addr_spec.lower() if senders else ""}
        for what in ours:
            if ours[what] == theirs[what]:
                same[what] += 1
            else:
                different[what].append(f"{path.name}: {ours[what]!r} / {theirs[what]!r}")
    for what, cases in different.items():
        assert len(cases) <= 0.06 * same[what], cases
