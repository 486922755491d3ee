"""The translation catalogues: `update` gathers the texts of the code and compiles, `check` says what is missing.

English stands in the code; every other language is a catalogue in src/ecuanime/locale, committed in both forms so
that an installation needs no gettext. Gathering does: `sudo apt install gettext`.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[1] / "src" / "ecuanime"
LANGUAGES = ("es",)
GATHER = [
    "--extension",
    "py,html,txt",
    "--no-wrap",
    "--add-location",
    "file",
    "--no-obsolete",
    "--ignore",
    "static/*",
]


def gather(package: Path) -> None:
    """Brings the .po files of a package up to date with its code."""
    (package / "locale").mkdir(exist_ok=True)
    languages = [word for language in LANGUAGES for word in ("--locale", language)]
    command = [sys.executable, "-m", "django", "makemessages", *languages, *GATHER]
    subprocess.run(command, cwd=package, check=True, capture_output=True)


def update() -> int:
    """Gathers in place and compiles."""
    gather(PACKAGE)
    for language in LANGUAGES:
        source = catalogue(PACKAGE, language)
        subprocess.run(["msgfmt", "--check", "-o", str(source.with_suffix(".mo")), str(source)], check=True)
        print(f"{source}: {len(unfinished(read(source)))} texts to translate")
    return 0


def check() -> int:
    """Prints one line for each catalogue that is not whole; 1 when there is one."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "ecuanime"
        shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("static", "*.pyc"))
        gather(copy)
        faults = [fault for language in LANGUAGES for fault in faults_of(language, copy)]
    for fault in faults:
        print(fault)
    return int(bool(faults))


def faults_of(language: str, gathered: Path) -> list[str]:
    """What is wrong with the catalogue of one language, given the package with freshly gathered ones."""
    kept = catalogue(PACKAGE, language)
    if not kept.exists() or not kept.with_suffix(".mo").exists():
        return [f"{language}: there is no catalogue: make messages, then translate it"]
    faults = [
        f"{language}: not translated: {text!r}" for text in unfinished(read(catalogue(gathered, language)))
    ]
    with kept.with_suffix(".mo").open("rb") as stream:
        compiled = {message.id: message.string for message in read_mo(stream) if message.id}
    if compiled != {message.id: message.string for message in read(kept) if message.id and finished(message)}:
        faults.append(f"{language}: the compiled catalogue is older than its source: make messages")
    return faults


def unfinished(found: Catalog) -> list[str]:
    """The texts without a translation that somebody has confirmed."""
    return [str(message.id) for message in found if message.id and not finished(message)]


def finished(message: Message) -> bool:
    """Whether every form of a message is translated and none is a guess of msgmerge's."""
    forms = message.string if isinstance(message.string, tuple) else (message.string,)
    return all(forms) and not message.fuzzy


def catalogue(package: Path, language: str) -> Path:
    """Where the source of a language's catalogue is."""
    return package / "locale" / language / "LC_MESSAGES" / "django.po"


def read(path: Path) -> Catalog:
    """The catalogue in a .po file."""
    with path.open("rb") as stream:
        return read_po(stream)


def main(arguments: list[str]) -> int:
    """`update` or `check`."""
    if not (shutil.which("xgettext") and shutil.which("msgfmt")):
        print("The programs of gettext are missing: sudo apt install gettext")
        return 1
    return {"update": update, "check": check}[arguments[0]]()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
