"""What the person who installs Ecuánime can set, read from the environment and an `.env` file.

Every name is listed, with its meaning and default, in docs/how-to/configuration.md; a test keeps that true.
The environment wins over the file. Nothing here imports Django, so that settings and commands can both
stand on it. A wrong value raises `ConfigurationError`, whose text is one line with the remedy: commands
print it as it is.
"""

import base64
import os
import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ENV_FILE_VARIABLE = "ECUANIME_ENV_FILE"
TRUE_WORDS = frozenset({"1", "true", "yes", "on"})
FALSE_WORDS = frozenset({"0", "false", "no", "off", ""})
SECRET_NAMES = ("secret_key", "pepper", "encryption_key")


class ConfigurationError(Exception):
    """Something about this installation is wrong; the message says what and what to do, in one line."""


def read_env_file(path: Path) -> dict[str, str]:
    """The names and values of an `.env` file: `NAME=value` lines, `#` comments, optional `export` and quotes.

    No interpolation, no escapes. A file that does not exist is empty; a line that can't be read is an error.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"Cannot read {path}: {error}. Make it a readable UTF-8 file.") from error
    found: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        text = line.strip().removeprefix("export ").strip()
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        name = name.strip()
        if not equals or not name.isidentifier():
            raise ConfigurationError(
                f"{path}, line {number} is not NAME=value: correct it or put # before it."
            )
        found[name] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
        return value[1:-1]
    return value.split(" #", 1)[0].rstrip()


@cache
def _env_file(path: str) -> Mapping[str, str]:
    return read_env_file(Path(path))


def text(name: str, default: str = "") -> str:
    """The value of a setting, from the environment or else the `.env` file, without surrounding space."""
    value = os.environ.get(name)
    if value is None:
        value = _env_file(os.environ.get(ENV_FILE_VARIABLE, ".env")).get(name, default)
    return value.strip()


def integer(name: str, default: int, *, at_least: int, at_most: int) -> int:
    """A whole number within bounds; an empty value means the default."""
    value = text(name)
    if not value:
        return default
    try:
        number = int(value)
    except ValueError:
        number = at_least - 1
    if not at_least <= number <= at_most:
        raise ConfigurationError(
            f"{name} is {value!r}: set it to a whole number from {at_least} to {at_most}."
        )
    return number


def flag(name: str, default: bool = False) -> bool:
    """Yes or no, written as 1/0, true/false, yes/no or on/off; an empty value means the default."""
    value = text(name).lower()
    if not value:
        return default
    if value in TRUE_WORDS:
        return True
    if value in FALSE_WORDS:
        return False
    raise ConfigurationError(f"{name} is {value!r}: set it to 1 or 0.")


def words(name: str) -> list[str]:
    """A list written with commas, without empty entries."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def data_folder() -> Path:
    """The folder that keeps everything worth keeping: database, files, secrets (`ECUANIME_DATA`, ./data)."""
    return Path(text("ECUANIME_DATA") or "data").expanduser().absolute()


def listen_address() -> str:
    """The address the web server binds (`ECUANIME_LISTEN`); loopback unless said otherwise."""
    return text("ECUANIME_LISTEN") or "127.0.0.1"


def port() -> int:
    """The TCP port of the web server (`ECUANIME_PORT`)."""
    return integer("ECUANIME_PORT", 8000, at_least=1, at_most=65535)


def public_url() -> str:
    """The address people type, without a final slash (`ECUANIME_URL`); links in e-mails start with it."""
    url = text("ECUANIME_URL").rstrip("/") or f"http://localhost:{port()}"
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path or parts.query:
        raise ConfigurationError(
            f"ECUANIME_URL is {url!r}: set it to something like https://soporte.example.com."
        )
    return url


def served_over_https() -> bool:
    """Whether people reach the product over HTTPS: cookies are then marked secure."""
    return public_url().startswith("https://")


def allowed_hosts() -> list[str]:
    """Host names the product answers to: that of the public address, loopback, and `ECUANIME_HOSTS`."""
    hosts = [
        urlsplit(public_url()).hostname or "",
        "localhost",
        "127.0.0.1",
        "[::1]",
        *words("ECUANIME_HOSTS"),
    ]
    return list(dict.fromkeys(hosts))


def trusted_proxies() -> int:
    """How many proxies stand in front (`ECUANIME_TRUSTED_PROXIES`); 0 believes no forwarded header."""
    return integer("ECUANIME_TRUSTED_PROXIES", 0, at_least=0, at_most=5)


def web_workers() -> int:
    """Processes that answer web requests (`ECUANIME_WEB_WORKERS`)."""
    return integer("ECUANIME_WEB_WORKERS", 2, at_least=1, at_most=64)


def web_threads() -> int:
    """Threads in each web process (`ECUANIME_WEB_THREADS`); each holds at most one database connection."""
    return integer("ECUANIME_WEB_THREADS", 4, at_least=1, at_most=64)


def worker_processes() -> int:
    """Processes that do background jobs (`ECUANIME_WORKERS`): each computes on one core, drawing a PDF for instance."""
    return integer("ECUANIME_WORKERS", 1, at_least=1, at_most=64)


def worker_concurrency() -> int:
    """Background jobs that run at the same time in each of them (`ECUANIME_WORKER_JOBS`)."""
    return integer("ECUANIME_WORKER_JOBS", 4, at_least=1, at_most=64)


def max_upload_bytes() -> int:
    """The largest request body accepted, in bytes (`ECUANIME_MAX_UPLOAD_MB`, in MiB)."""
    return integer("ECUANIME_MAX_UPLOAD_MB", 30, at_least=1, at_most=1024) * 1024 * 1024


def debug() -> bool:
    """Whether errors are shown to the visitor (`ECUANIME_DEBUG`): for development only."""
    return flag("ECUANIME_DEBUG")


def log_level() -> str:
    """How much is written to the log (`ECUANIME_LOG_LEVEL`)."""
    level = text("ECUANIME_LOG_LEVEL").upper() or "INFO"
    if level not in {"DEBUG", "INFO", "WARNING", "ERROR"}:
        raise ConfigurationError(f"ECUANIME_LOG_LEVEL is {level!r}: set it to DEBUG, INFO, WARNING or ERROR.")
    return level


def own_database_url() -> str | None:
    """The firm's own PostgreSQL (`DATABASE_URL`), or None when the embedded one serves."""
    return text("DATABASE_URL") or None


def database_url() -> str:
    """Where the database is: `DATABASE_URL`, or else the socket of this data folder's embedded server."""
    from ecuanime.foundation import embedded

    return own_database_url() or embedded.url(data_folder())


def django_database(url: str) -> dict[str, Any]:
    """A PostgreSQL URL as an entry of Django's DATABASES; what Django has no name for goes to OPTIONS."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    if not url.startswith(("postgresql://", "postgres://")):
        raise ConfigurationError(
            "DATABASE_URL must start with postgresql://, as in postgresql://user:password@host/name."
        )
    try:
        parts: dict[str, Any] = dict(conninfo_to_dict(url))
    except psycopg.ProgrammingError as error:
        reason = str(error).strip().split("\n")[0]
        raise ConfigurationError(f"DATABASE_URL cannot be read ({reason}): correct it.") from error
    names = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    entry: dict[str, Any] = {django: str(parts.pop(libpq, "") or "") for django, libpq in names.items()}
    if not entry["NAME"]:
        raise ConfigurationError("DATABASE_URL names no database: end it with /name.")
    return {"ENGINE": "django.db.backends.postgresql", **entry, "OPTIONS": parts}


def secret(name: str) -> str:
    """One of the installation's secrets (`secret_key`, `pepper`, `encryption_key`), made once and then kept.

    `ECUANIME_SECRET_KEY` and its sisters win over the file in the data folder. The encryption key has the
    form Fernet wants: 32 bytes in URL-safe base 64. The others are longer, as Django asks of its key.
    """
    if name not in SECRET_NAMES:
        raise ValueError(name)
    given = text(f"ECUANIME_{name.upper()}")
    if given:
        return given
    folder = data_folder() / "secrets"
    path = folder / name
    try:
        return path.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise ConfigurationError(
            f"Cannot read {path}: {error.strerror}. Give this user access to it."
        ) from error
    if (data_folder() / "postgres").exists():
        # A new key would make what the old one encrypted unreadable without anyone noticing.
        raise ConfigurationError(f"The database is here but {path} is gone: put it back from your backup.")
    make_private_folder(folder)
    length = 32 if name == "encryption_key" else 48
    return _write_once(path, base64.urlsafe_b64encode(secrets.token_bytes(length)).decode())


def _write_once(path: Path, value: str) -> str:
    """Writes the file whole and only if nobody was first; returns what the file then holds."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            stream.write(value + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    except OSError as error:
        raise ConfigurationError(
            f"Cannot write {path}: {error.strerror}. Free space or allow writing there."
        ) from error
    return path.read_text(encoding="ascii").strip()


def make_private_folder(path: Path) -> Path:
    """Creates the data folder or one inside it, closed to other users; an existing folder keeps its mode."""
    try:
        for folder in (data_folder(), path):
            if not folder.exists():
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
                folder.chmod(0o700)  # a group-friendly umask or parents= must not widen it
    except OSError as error:
        remedy = "set ECUANIME_DATA to a folder this user may write"
        raise ConfigurationError(f"Cannot create {path}: {error.strerror}; {remedy}.") from error
    return path
