"""Settings: one table of options, read from the environment and the command line.

`load` tells all faults at once, in words for the person who wrote the environment.
"""

import difflib
import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import platformdirs

PREFIX = "BACKLINE_"
GIB = 1 << 30


class SettingsFault(Exception):
    """The environment can't be used; the text has one line for each fault."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation is told. Names as in the environment, without the prefix."""

    data_dir: Path
    host: str
    port: int
    public_url: str | None
    allowed_hosts: tuple[str, ...]
    cors_origins: tuple[str, ...]
    trusted_proxies: tuple[str, ...]
    storage_origins: tuple[str, ...]
    asset_url: str | None
    database_url: str | None
    database_direct_url: str | None
    secret_file: Path | None
    user: str | None
    ffmpeg: Path | None
    workers: int
    max_upload_bytes: int
    quota_bytes: int
    min_free_bytes: int
    registration: str
    access_token_ttl_s: int
    metrics_port: int
    log_level: str
    log_format: str
    sentry_dsn: str | None

    def __repr__(self) -> str:
        shown = (
            f"{option.field}={'…' if option.secret else getattr(self, option.field)!r}"
            for option in OPTIONS
        )
        return f"Settings({', '.join(shown)})"

    @property
    def database_dsn(self) -> str:
        """Where the database answers: the configured one, or the installation's own."""
        if self.database_url is not None:
            return self.database_url
        raise SettingsFault("No database: start Backline with 'backline up'.")

    @property
    def direct_dsn(self) -> str:
        """The database past any pooler, for LISTEN and migrations."""
        return self.database_direct_url or self.database_dsn

    @property
    def secret_path(self) -> Path:
        """Where the installation's secret lies."""
        return self.secret_file or self.data_dir / "secrets.json"

    @property
    def media_dir(self) -> Path:
        """Where media files lie."""
        return self.data_dir / "media"

    @property
    def is_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return _is_loopback(self.host)


class Option(msgspec.Struct, frozen=True):
    """One setting: how its text is read, its default as text, and what it is for."""

    name: str
    read: Callable[[str], Any]
    default: str | None
    help: str
    secret: bool = False

    @property
    def field(self) -> str:
        """Its name in `Settings`."""
        return self.name.lower()


def _text(text: str) -> str:
    return text


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        if not re.fullmatch(r"-?[0-9_]{1,20}", text) or not least <= int(text) <= most:
            raise ValueError(f"must be a whole number from {least} to {most}")
        return int(text)

    return read


def _port(text: str) -> int:
    if text.startswith(("tcp://", "udp://")):
        raise ValueError(
            "looks like a Kubernetes service link, not a setting. Rename the service "
            "(it is called 'backline'), or set 'enableServiceLinks: false' in the pod"
        )
    return _number(0, 65_535)(text)


_UNITS = {"": 1, "K": 1 << 10, "M": 1 << 20, "G": 1 << 30, "T": 1 << 40}


def _size(text: str) -> int:
    match = re.fullmatch(r"([0-9]{1,15})\s*([KMGT]?)(?:i?B)?", text, re.IGNORECASE)
    if match is None:
        raise ValueError("must be a size such as 500M, 50G or 1073741824")
    return int(match[1]) * _UNITS[match[2].upper()]


def _choice(*names: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.lower() not in names:
            raise ValueError(f"must be one of {', '.join(names)}")
        return text.lower()

    return read


def _folder(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _origin(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.path.strip("/"):
        raise ValueError("must be an address such as https://music.example.org, without a path")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _origins(text: str) -> tuple[str, ...]:
    return tuple(_origin(part) for part in _list(text))


def _networks(text: str) -> tuple[str, ...]:
    for part in _list(text):
        try:
            ipaddress.ip_network(part, strict=False)
        except ValueError as fault:
            raise ValueError(f"{part} isn't an address or network such as 10.0.0.0/8") from fault
    return _list(text)


def _postgres(text: str) -> str:
    if urlsplit(text).scheme not in {"postgresql", "postgres"}:
        raise ValueError("must begin with postgresql://")
    return text


def _default_data_dir() -> Path:
    if os.geteuid() == 0:
        return Path("/var/lib/backline")
    return Path(platformdirs.user_data_dir("backline", appauthor=False))


OPTIONS: tuple[Option, ...] = (
    Option("DATA_DIR", _folder, None, "The folder that everything lies in"),
    Option("HOST", _text, "127.0.0.1", "The address to listen on"),
    Option("PORT", _port, "8000", "The port to listen on"),
    Option("PUBLIC_URL", _origin, None, "The address that people type; needed off this machine"),
    Option("ALLOWED_HOSTS", _list, "", "Further names of this server, by comma"),
    Option("CORS_ORIGINS", _origins, "", "Other sites whose pages may call the API, by comma"),
    Option("TRUSTED_PROXIES", _networks, "", "Proxies whose X-Forwarded-For is believed"),
    Option("STORAGE_ORIGINS", _origins, "", "Where browsers may load media from, besides here"),
    Option("ASSET_URL", _origin, None, "A CDN that serves the files of the pages"),
    Option("DATABASE_URL", _postgres, None, "PostgreSQL; without it Backline runs its own", True),
    Option(
        "DATABASE_DIRECT_URL", _postgres, None, "The same past a pooler such as PgBouncer", True
    ),
    Option("SECRET_FILE", _folder, None, "The installation's secret, if not in the data folder"),
    Option("USER", _text, None, "As root: the user that everything runs as"),
    Option("FFMPEG", _folder, None, "An ffmpeg to use instead of the one that comes along"),
    Option("WORKERS", _number(1, 256), None, "Heavy jobs at once; as many as there are cores"),
    Option("MAX_UPLOAD_BYTES", _size, "1G", "The largest file that is taken"),
    Option("QUOTA_BYTES", _size, "50G", "Room for each person who has no quota of their own"),
    Option("MIN_FREE_BYTES", _size, "1G", "Free disk below which uploads are refused"),
    Option("REGISTRATION", _choice("open", "closed"), "open", "Whether people can make accounts"),
    Option("ACCESS_TOKEN_TTL_S", _number(60, 86_400), "900", "How long an access token is good"),
    Option("METRICS_PORT", _port, "0", "A port for /metrics; 0 for none"),
    Option("LOG_LEVEL", _choice("debug", "info", "warning", "error"), "info", "What is logged"),
    Option("LOG_FORMAT", _choice("console", "json"), "console", "For people, or for machines"),
    Option("SENTRY_DSN", _text, None, "Where errors are reported, if anywhere", True),
)
# Read by what starts the processes, not settings of the installation.
_INTERNAL = frozenset({"BACKLINE_SUPERVISOR_FD"})


def load(environ: Mapping[str, str], flags: Mapping[str, str] | None = None) -> Settings:
    """Read the settings; `flags` (by field name) come before the environment.

    Raises:
        SettingsFault: with every fault there is.
    """
    flags = flags or {}
    values: dict[str, Any] = {}
    faults = _unknown(environ)
    for option in OPTIONS:
        name = (
            f"--{option.field.replace('_', '-')}"
            if option.field in flags
            else (PREFIX + option.name)
        )
        given = flags.get(option.field, environ.get(PREFIX + option.name, "").strip())
        text = given or option.default
        try:
            values[option.field] = None if text is None else option.read(text)
        except ValueError as fault:
            shown = "" if option.secret else f" (it is {given!r})"
            faults.append(f"{name} {fault}{shown}.")
    if not faults:
        values["data_dir"] = values["data_dir"] or _default_data_dir()
        values["workers"] = values["workers"] or os.cpu_count() or 1
        faults = _contradictions(values)
    if faults:
        raise SettingsFault("The settings can't be used:\n" + "\n".join(f"  - {f}" for f in faults))
    return Settings(**values)


def _unknown(environ: Mapping[str, str]) -> list[str]:
    names = [PREFIX + option.name for option in OPTIONS]
    faults: list[str] = []
    for name in sorted(environ):
        if not name.startswith(PREFIX) or name in names or name in _INTERNAL:
            continue
        if re.fullmatch(r"BACKLINE_(SERVICE_(HOST|PORT.*)|PORT_\d+_TCP.*)", name):
            continue  # Kubernetes' service links: of no concern
        near = difflib.get_close_matches(name, names, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        faults.append(f"{name} isn't a setting.{hint}")
    return faults


def _contradictions(values: Mapping[str, Any]) -> list[str]:
    faults: list[str] = []
    if not _is_loopback(values["host"]) and values["public_url"] is None:
        faults.append(
            f"BACKLINE_PUBLIC_URL is needed when others can reach the server ({values['host']}): "
            "it is the address that they type, such as https://music.example.org."
        )
    if values["database_url"] and not (
        values["secret_file"] or (values["data_dir"] / "secrets.json").exists()
    ):
        faults.append(
            "BACKLINE_SECRET_FILE is needed with a database of your own: all processes must "
            "share one secret of 32 bytes or more."
        )
    return faults


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def environment(settings: Settings) -> dict[str, str]:
    """The settings as environment variables, for a child process."""
    given: dict[str, str] = {}
    for option in OPTIONS:
        value: Any = getattr(settings, option.field)
        if value is not None:
            given[PREFIX + option.name] = (
                ",".join(value) if isinstance(value, tuple) else str(value)
            )
    return {name: text for name, text in given.items() if text}


def markdown() -> str:
    """The table of `docs/settings.md`."""
    lines = ["| variable | default | what it is for |", "| --- | --- | --- |"]
    for option in OPTIONS:
        lines.append(f"| `{PREFIX}{option.name}` | {option.default or ''} | {option.help} |")
    return "\n".join(lines) + "\n"
