"""Fetches the browser parts we ship, pinned, and proves that the copies are the ones that were reviewed.

`python tools/vendor.py check` compares every shipped file with its recorded SHA-256, offline.
`python tools/vendor.py fetch` downloads the pinned packages with npm and writes the files; it stops
when one differs from what is recorded, unless `--record` says that the new hashes are wanted.

The list is `src/ecuanime/web/static/vendor/vendored.json`; `VENDORED.md` beside it is the same for people.
`MIT.txt` holds the licence of the packages that do not bring the text along.
Only one thing is changed in what is shipped: the source map reference is taken out, because the maps are
not shipped and hashed static files refuse a reference that leads nowhere.
"""

import argparse
import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from typing import Any

VENDOR = Path(__file__).resolve().parents[1] / "src/ecuanime/web/static/vendor"
MANIFEST = VENDOR / "vendored.json"
SOURCE_MAP = re.compile(rb"(/\*# sourceMappingURL=[^*]*\*/|//# sourceMappingURL=[^\n]*)\n?")


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def download(name: str, version: str, folder: Path) -> tarfile.TarFile:
    """The package as the registry that npm is set up with gives it; npm checks its integrity."""
    done = subprocess.run(
        ["npm", "pack", f"{name}@{version}", "--silent"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    return tarfile.open(folder / done.stdout.strip().splitlines()[-1])


def read_member(package: tarfile.TarFile, path: str) -> bytes:
    member = package.extractfile(f"package/{path}")
    if member is None:
        raise SystemExit(f"{path} is not a file of the package")
    return member.read()


def fetch(packages: list[dict[str, Any]], *, record: bool) -> list[str]:
    """Writes the files and returns what differs from the recorded hashes (or records the new ones)."""
    differences = []
    for entry in packages:
        with (
            tempfile.TemporaryDirectory() as folder,
            download(entry["name"], entry["version"], Path(folder)) as package,
        ):
            for item in entry["files"]:
                content = SOURCE_MAP.sub(b"", read_member(package, item["from"]))
                if record:
                    item["sha256"] = sha256(content)
                elif item.get("sha256") != sha256(content):
                    differences.append(f"{entry['name']} {item['from']}: not the file that was reviewed")
                    continue
                target = VENDOR / item["to"]
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content)
    return differences


def check(packages: list[dict[str, Any]]) -> list[str]:
    """What is missing, changed or not listed under the vendor folder."""
    listed = {item["to"]: item["sha256"] for entry in packages for item in entry["files"]}
    present = {str(path.relative_to(VENDOR)) for path in VENDOR.rglob("*") if path.is_file()}
    present -= {MANIFEST.name, "VENDORED.md", "MIT.txt"}
    faults = [f"{path}: not listed" for path in sorted(present - listed.keys())]
    for path, expected in listed.items():
        if path not in present:
            faults.append(f"{path}: missing")
        elif sha256((VENDOR / path).read_bytes()) != expected:
            faults.append(f"{path}: changed since it was reviewed")
    return faults


def describe(packages: list[dict[str, Any]]) -> str:
    """VENDORED.md: what we ship of others, under which licence, with the hash of each file."""
    lines = [
        "# What is shipped of others",
        "",
        "Written by `python tools/vendor.py fetch` from `vendored.json`; do not edit by hand.",
        "The source map references are taken out of the files; the hashes are of the files as shipped.",
    ]
    for entry in packages:
        lines += ["", f"## {entry['name']} {entry['version']}", "", f"{entry['licence']}. {entry['use']}", ""]
        lines += ["| file | SHA-256 |", "| --- | --- |"]
        lines += [f"| `{item['to']}` | `{item['sha256']}` |" for item in entry["files"]]
    return "\n".join(lines) + "\n"


def main() -> int:
    parser = argparse.ArgumentParser(description="Fetch or check the browser parts that are shipped.")
    parser.add_argument("action", choices=["check", "fetch"])
    parser.add_argument("--record", action="store_true", help="record the hashes of what is fetched")
    options = parser.parse_args()
    packages = json.loads(MANIFEST.read_text(encoding="utf-8"))["packages"]
    if options.action == "fetch":
        faults = fetch(packages, record=options.record)
        if options.record:
            MANIFEST.write_text(json.dumps({"packages": packages}, indent=2) + "\n", encoding="utf-8")
            (VENDOR / "VENDORED.md").write_text(describe(packages), encoding="utf-8")
    else:
        faults = check(packages)
    sys.stdout.writelines(f"{fault}\n" for fault in faults)
    return 1 if faults else 0


if __name__ == "__main__":
    raise SystemExit(main())
