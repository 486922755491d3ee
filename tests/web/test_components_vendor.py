"""What we ship of others is what was reviewed, and reaches for no network."""

import json
import re
import subprocess
import sys
from pathlib import Path

import ecuanime.web

STATIC = Path(ecuanime.web.__file__).parent / "static"
ROOT = Path(__file__).resolve().parents[2]


def test_every_shipped_file_is_the_one_that_was_reviewed() -> None:
    done = subprocess.run(
        [sys.executable, "tools/vendor.py", "check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


def test_every_package_says_its_version_and_licence() -> None:
    packages = json.loads((STATIC / "vendor/vendored.json").read_text(encoding="utf-8"))["packages"]
    described = (STATIC / "vendor/VENDORED.md").read_text(encoding="utf-8")
    for entry in packages:
        assert f"## {entry['name']} {entry['version']}" in described
        assert entry["licence"] in {"MIT", "BSD-0-Clause", "OFL-1.1"}
        for item in entry["files"]:
            assert item["sha256"] in described


def test_stylesheets_load_nothing_from_elsewhere() -> None:
    for path in STATIC.rglob("*.css"):
        text = path.read_text(encoding="utf-8")
        assert "@import" not in text, path.name
        for address in re.findall(r"url\(\s*[\"']?([^\"')]+)", text):
            assert address.startswith(("data:", "../vendor/fonts/", "%23")), f"{path.name}: {address}"
        assert "sourceMappingURL" not in text, path.name


def test_the_fonts_that_are_named_are_there() -> None:
    tokens = (STATIC / "ecuanime/tokens.css").read_text(encoding="utf-8")
    for name in re.findall(r"url\(\.\./vendor/fonts/([^)]+)\)", tokens):
        assert (STATIC / "vendor/fonts" / name).is_file()


def test_our_scripts_need_no_eval_and_write_no_html() -> None:
    for path in (STATIC / "ecuanime").glob("*.js"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"\beval\(|new Function|innerHTML|outerHTML|insertAdjacentHTML|document\.write", text
        ), path.name
