"""Every setting stands in the one table, and the table names nothing else."""

from __future__ import annotations

import re
from pathlib import Path

from ecuanime.foundation import environment

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "how-to" / "configuration.md"
READ = re.compile(
    r"""(?:text|integer|flag|words|environ(?:\.get)?)[(\[]\s*["']((?:ECUANIME_|DATABASE_)[A-Z_]+)["']"""
)


def read_in_code() -> set[str]:
    found = {f"ECUANIME_{name.upper()}" for name in environment.SECRET_NAMES} | {
        environment.ENV_FILE_VARIABLE
    }
    for path in (ROOT / "src").rglob("*.py"):
        found.update(READ.findall(path.read_text(encoding="utf-8")))
    return found


def test_every_setting_read_in_code_is_on_the_page() -> None:
    page = set(re.findall(r"`((?:ECUANIME_|DATABASE_)[A-Z_]+)(?:=1)?`", PAGE.read_text(encoding="utf-8")))
    assert read_in_code() - page == set()


def test_the_table_names_no_setting_that_nothing_reads() -> None:
    rows = set(re.findall(r"^\| `([A-Z_]+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE))
    assert rows - read_in_code() == set()
    assert len(rows) > 10


def test_the_example_file_is_readable_and_sets_nothing_by_itself() -> None:
    assert environment.read_env_file(ROOT / ".env.example") == {}
    names = re.findall(r"^# ([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(names) <= read_in_code()
