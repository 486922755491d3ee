"""Whether a mail comes from whom it says: what the receiving server found out about it (RFC 8601).

Anybody can write an Authentication-Results header into a mail, so only those of the server that received it for us are
believed, by the name it signs them with, and of each method the one nearest to us. We check nothing ourselves: by the
time a mail is fetched, the connection it came through is gone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ecuanime.channels.email.reading import ParsedMail
from ecuanime.channels.email.reading.headers import decode_words
from ecuanime.clients.mail_domains import SHARED_SUFFIXES

PASSED, FAILED, UNPROVEN, UNASKED = "passed", "failed", "unproven", ""
"""It comes from there; it does not; the receiver could not tell; nobody we trust was asked."""

_LONGEST = 4_000
_QUOTED = re.compile(r"\"(?:[^\"\\]|\\.)*\"")
_COMMENT = re.compile(r"\([^()]*\)")
_METHOD = re.compile(r"\s*(spf|dkim|dmarc)(?:/\d+)?\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(r"\b(smtp\.mailfrom|smtp\.helo|header\.d|header\.i|header\.from)\s*=\s*\"?([^\s;\"]+)")


@dataclass(frozen=True, slots=True)
class Found:
    """One method's result and the domain it holds for, both in lower case."""

    method: str
    result: str
    domain: str


@dataclass(frozen=True, slots=True)
class Authentication:
    """The verdict on the author's address, and the results it rests on in a few words: `spf=pass dkim=fail`."""

    verdict: str
    words: str = ""


def authentication_of(mail: ParsedMail, receiver: str) -> Authentication:
    """What the trusted `receiver` says of the author; several authors are none, whoever received them."""
    if "from_repeated" in mail.defects:
        return Authentication(FAILED, "several From addresses")
    if not receiver.strip() or mail.author is None:
        return Authentication(UNASKED)
    return judged(found_by(receiver, mail.authentication_results), mail.author.domain)


def judged(found: Sequence[Found], author_domain: str) -> Authentication:
    """The verdict: DMARC's word where there is one, else a pass of SPF or DKIM for the author's own domain."""
    words = " ".join(f"{one.method}={one.result}" for one in found)[:200]
    results = {one.method: one.result for one in reversed(found)}
    if results.get("dmarc") in ("pass", "fail"):
        return Authentication(PASSED if results["dmarc"] == "pass" else FAILED, words)
    if any(one.result == "pass" and _aligned(one.domain, author_domain) for one in found):
        return Authentication(PASSED, words)
    if "fail" in (results.get("spf"), results.get("dkim")):
        return Authentication(FAILED, words)
    return Authentication(UNPROVEN, words)


def found_by(receiver: str, headers: Sequence[str]) -> list[Found]:
    """The results that `receiver` wrote, of SPF and DMARC the topmost alone; a mail may carry many DKIM signatures."""
    found: list[Found] = []
    for header in headers:
        name, _, rest = _plain(header).partition(";")
        if not name.split() or name.split()[0].lower() != receiver.strip().lower():
            continue
        known = {one.method for one in found}
        found += [one for one in _results(rest) if one.method not in known]
    return found


def _results(text: str) -> Iterator[Found]:
    for statement in text.split(";"):
        method = _METHOD.match(statement)
        if method is None:
            continue
        properties = {name.lower(): value for name, value in _PROPERTY.findall(statement)}
        names = {"dkim": ("header.d", "header.i"), "spf": ("smtp.mailfrom",), "dmarc": ("header.from",)}
        value = next((properties[each] for each in names[method[1].lower()] if each in properties), "")
        yield Found(method[1].lower(), method[2].lower(), value.rpartition("@")[2].lower().strip("."))


def _plain(header: str) -> str:
    """Without comments, which may hold anything, and on one line."""
    text = " ".join(decode_words(header[:_LONGEST]).split())
    # What stands in quotes may be the sender's: it must not read like another result.
    text = _QUOTED.sub(lambda quoted: re.sub(r"[;=()\"]", "", quoted[0]), text)
    for _ in range(4):
        text = _COMMENT.sub(" ", text)
    return text


def _aligned(domain: str, author_domain: str) -> bool:
    """Whether both belong together: the same, or one below the other; never below a bare suffix such as `com`."""
    if domain == author_domain:
        return "." in domain
    shorter, longer = sorted((domain, author_domain), key=len)
    return "." in shorter and shorter not in SHARED_SUFFIXES and longer.endswith(f".{shorter}")
