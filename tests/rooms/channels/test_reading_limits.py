"""The bounds on raw bytes: bombs are refused at once, ordinary mail passes, and each bound is exact."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from ecuanime.channels.email.reading.limits import DEFAULT, Limits, check

HEAD = b"From: ana@example.com\r\nTo: soporte@example.org\r\nSubject: Hola\r\n"
GOOD = HEAD + b"\r\nBuenos d\xc3\xadas\r\n"
WORD = b"=?utf-8?q?a?="


def _parts(count: int, boundary: bytes = b"x") -> bytes:
    head = HEAD + b"Content-Type: multipart/mixed; boundary=" + boundary + b"\r\n\r\n"
    return head + (b"--" + boundary + b"\r\n\r\n\r\n") * count + b"--" + boundary + b"--\r\n"


def _nested(depth: int) -> bytes:
    levels = (b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(depth))
    return b"Content-Type: multipart/mixed; boundary=b0\n\n" + b"".join(levels)


BOMBS = {
    "mail_too_large": GOOD + b"x" * DEFAULT.mail_bytes,
    "header_block_too_large": b"".join(b"X-%d: %s\r\n" % (n, b"y" * 900) for n in range(400)) + b"\r\n",
    "header_too_large": b"Subject: " + b"x" * (DEFAULT.header_bytes + 1) + b"\r\n\r\n",
    "too_many_headers": b"X: y\r\n" * (DEFAULT.headers + 1) + b"\r\n",
    "too_many_encoded_words": b"Subject: " + b" ".join([WORD] * 4_000) + b"\r\n\r\n",
    "too_many_addresses": b"To: " + b", ".join([b"a@b.example"] * 10_000) + b"\r\n\r\n",
    "comments_too_deep": b"To: " + b"(" * 800 + b"a@b.example" + b")" * 800 + b"\r\n\r\n",
    "too_many_parameters": b"Content-Type: text/plain" + b"; a=b" * 8_000 + b"\r\n\r\n",
    "too_many_boundaries": _nested(400),
    "too_many_dashed_lines": HEAD + b"\r\n" + b"\r\n--x" * 300_000,
    "too_many_parts": _parts(100_000),
}


@pytest.mark.parametrize("code", BOMBS)
def test_a_bomb_is_refused_at_once(code: str) -> None:
    start = time.perf_counter()
    refusal = check(BOMBS[code])
    assert time.perf_counter() - start < 3
    assert refusal is not None
    assert refusal.code == code
    assert refusal.figure > refusal.limit


def test_an_ordinary_mail_passes() -> None:
    assert check(GOOD) is None


@pytest.mark.parametrize(
    "raw", [b"", b"\n", b"\r\n\r\n", b"no header at all", b"\xff\xfe\x00", b"From: a\rTo: b\r\rbody"]
)
def test_odd_bytes_pass_without_error(raw: bytes) -> None:
    assert check(raw) is None


def test_the_parameter_bound_reaches_inner_parts() -> None:
    inner = b"--x\r\ncontent-type: text/plain" + b";\r\n a=b" * 8_000 + b"\r\n\r\nhi\r\n"
    raw = HEAD + b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + inner
    refusal = check(raw)
    assert refusal is not None
    assert refusal.code == "too_many_parameters"


@pytest.mark.parametrize(("parts", "refused"), [(1_000, False), (1_001, True)])
def test_the_last_part_allowed_and_the_first_refused(parts: int, refused: bool) -> None:
    assert (check(_parts(parts)) is not None) is refused


def test_dashes_that_open_no_part_are_not_counted_as_parts() -> None:
    assert check(_parts(1, b"real") + b"\r\n--- a/file\r\n+++ b/file" * 5_000) is None


def test_a_subject_full_of_parentheses_is_no_nested_comment() -> None:
    assert check(b"Subject: " + b":(" * 500 + b"\r\n\r\nsad\r\n") is None


def test_a_mail_to_five_hundred_named_people_passes() -> None:
    people = b",\r\n ".join(b"=?utf-8?q?Mar=C3=ADa_%d?= <maria%d@example.org>" % (n, n) for n in range(500))
    assert check(b"From: a@example.com\r\nTo: " + people + b"\r\nSubject: circular\r\n\r\nHola\r\n") is None


def test_limits_can_be_chosen() -> None:
    assert check(GOOD, replace(DEFAULT, mail_bytes=10)) is not None
    assert check(BOMBS["too_many_addresses"], Limits(addresses=20_000)) is None


@pytest.mark.parametrize(
    "raw",
    [
        b"a: b\n\n" + b"\ncontent-type:" * 1_000_000,
        b"a: b\n\n" + b"\ncontent-type:\n\t" + b"\n " * 5_000_000,
        b"a: b\n\n" + b"boundary=x;" * 1_500_000,
        b"a: b\n" + b" \t" * 8_000_000,
        b"\n" * 16_000_000,
    ],
    ids=["types", "folds", "boundaries", "blanks", "lines"],
)
def test_sixteen_megabytes_of_anything_are_judged_in_linear_time(raw: bytes) -> None:
    start = time.perf_counter()
    check(raw)
    assert time.perf_counter() - start < 6
