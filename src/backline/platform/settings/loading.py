"""Settings of a process: read once from the environment and flags, all faults told together."""

import difflib
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from backline.platform.settings.declared import PREFIX, Option, Options, Process
from backline.platform.settings.options import OPTIONS
from backline.platform.settings.parsing import is_loopback
from backline.platform.settings.smtp_url import SmtpServer
from backline.platform.settings.storage_url import Bucket

_KUBERNETES = re.compile(r"(?:[A-Z0-9_]+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_.*)?|PORT_[0-9]+_.*)")
# Told by the supervisor to its children; nobody else sets these.
_INTERNAL = frozenset({"LIFELINE"})

OptionsT = TypeVar("OptionsT", bound=msgspec.Struct)


class SettingsFault(Exception):
    """The settings can't be used; the text lists everything that is wrong, a line each."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation is set to. Fields are explained in `options.OPTIONS`.

    `declared` are the domains' options; what they are set to is asked for by `of`.
    """

    data_dir: Path
    host: str
    port: int
    public_url: str | None
    database_url: str | None
    database_direct_url: str | None
    replica_urls: tuple[str, ...]
    slow_statement_ms: int
    redis_url: str | None
    smtp_url: SmtpServer | None
    storage_url: Bucket | None
    media_offload: str
    media_url_s: int
    cdn_purge: str
    cdn_purge_url: str | None
    cdn_purge_id: str | None
    cdn_purge_token: str | None
    secret_file: Path | None
    metrics_port: int
    worker_metrics_port: int
    metrics_host: str
    drain_s: int
    log_level: str
    log_format: str
    user: str | None
    ffmpeg: Path | None
    sentry_dsn: str | None
    workers: int
    max_upload_bytes: int
    min_free_bytes: int
    limit_api_per_minute: int
    limit_anonymous_per_15_minutes: int
    limits: tuple[str, ...]
    allowed_hosts: tuple[str, ...]
    cors_origins: tuple[str, ...]
    storage_origins: tuple[str, ...]
    asset_url: str | None
    trusted_proxies: tuple[str, ...]
    declared: tuple[Options, ...] = ()
    values: tuple[msgspec.Struct, ...] = ()

    def of(self, kind: type[OptionsT]) -> OptionsT:
        """What the domain with these options is set to."""
        for value in self.values:
            if isinstance(value, kind):
                return value
        raise LookupError(f"No domain of this program has {kind.__name__}.")

    @property
    def processes(self) -> tuple[Process, ...]:
        """The domains' own, but for those all of whose ports are off."""
        theirs = (one.process for one in self.declared if one.process is not None)
        return tuple(one for one in theirs if not one.ports or self._ports(one.ports))

    @property
    def listening_ports(self) -> dict[str, int]:
        """The ports that the domains' processes listen on, by their option's name."""
        return self._ports([name for process in self.processes for name in process.ports])

    @property
    def metrics_ports(self) -> dict[str, int]:
        """The ports of metrics that are on, by their option's name."""
        return self._ports(_metrics_options(self.declared))

    def _ports(self, named: Sequence[str]) -> dict[str, int]:
        """Those of these options that are on."""
        ports = {option.name: int(value) for option, value in self.each() if option.name in named}
        return {name: port for name, port in ports.items() if port}

    def each(self) -> Iterator[tuple[Option, Any]]:
        """Every option with its value."""
        yield from ((option, getattr(self, option.field)) for option in OPTIONS)
        for one, value in zip(self.declared, self.values, strict=True):
            yield from ((option, getattr(value, option.field)) for option in one.table)

    def __repr__(self) -> str:
        """Without secrets."""
        shown = [f"{name}={value}" for name, value in self.shown().items()]
        return f"Settings({', '.join(shown)})"

    @property
    def listens_on_loopback(self) -> bool:
        """Whether only this machine can reach the server."""
        return is_loopback(self.host)

    @property
    def database_dsn(self) -> str:
        """Where the database answers.

        Raises:
            SettingsFault: nothing says so; `up` tells its own processes.
        """
        if self.database_url is None:
            raise SettingsFault(
                "BACKLINE_DATABASE_URL is needed, unless `backline up` starts this process."
            )
        return self.database_url

    @property
    def direct_dsn(self) -> str:
        """Where it answers past a pooler: for migrations and notifications."""
        return self.database_direct_url or self.database_dsn

    @property
    def secret_path(self) -> Path:
        """The file with the root of all keys."""
        return self.secret_file or self.data_dir / "secrets.json"

    @property
    def media_dir(self) -> Path:
        """Where media files lie."""
        return self.data_dir / "media"

    @property
    def ffmpeg_path(self) -> Path:
        """The ffmpeg to use: the configured one, else the one that came with Backline.

        Raises:
            SettingsFault: there is neither.
        """
        found = self.ffmpeg or bundled_ffmpeg()
        if found is None:
            raise SettingsFault("There is no ffmpeg. Set BACKLINE_FFMPEG to the program's path.")
        return found

    @property
    def address(self) -> str:
        """What a person types into a browser."""
        if self.public_url:
            return self.public_url
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"http://{host}:{self.port}"

    @property
    def is_https(self) -> bool:
        """Whether people reach this installation over TLS only."""
        return (self.public_url or "").startswith("https://")

    def shown(self) -> dict[str, str]:
        """Every value by its variable's name; a secret only as whether it is set."""
        shown: dict[str, str] = {}
        for option, value in self.each():
            if option.is_secret:
                shown[option.variable] = "(set)" if value else "(not set)"
            elif isinstance(value, tuple):
                several = cast("tuple[object, ...]", value)
                shown[option.variable] = ",".join(str(one) for one in several)
            else:
                shown[option.variable] = "" if value is None else str(value)
        return shown


def load(
    environ: Mapping[str, str],
    flags: Mapping[str, str] | None = None,
    declared: Sequence[Options] = (),
) -> Settings:
    """Settings of `environ`, over which `flags` (by option's name, `PORT`) take precedence.

    `declared` are the domains' options. An empty variable counts as not set.

    Raises:
        SettingsFault: something is wrong; everything that is, is in its text.
    """
    faults: list[str] = []
    known = {option.name: option for option in _table(declared)}
    texts = _given(environ, known, faults)
    for name, value in (flags or {}).items():
        texts[name] = (f"--{known[name].flag}", value)
    values = _read(OPTIONS, texts, faults)
    theirs = [_read(one.table, texts, faults) for one in declared]
    values["data_dir"] = values["data_dir"] or default_data_dir()
    values["workers"] = values["workers"] or _cores()
    faults += _contradictions(values)
    said = {name: value for read in (values, *theirs) for name, value in read.items()}
    faults += [
        f"BACKLINE_{name} and BACKLINE_PORT are both {values['port']}."
        for name in _metrics_options(declared)
        if said[name.lower()] == values["port"]
    ]
    if faults:
        raise SettingsFault("\n".join(faults))
    made = tuple(one.kind(**read) for one, read in zip(declared, theirs, strict=True))
    return Settings(**values, declared=tuple(declared), values=made)


def _metrics_options(declared: Sequence[Options]) -> tuple[str, ...]:
    """The names of the options with the ports of metrics."""
    processes = (one.process for one in declared if one.process is not None)
    theirs = [one.metrics_port for one in processes if one.metrics_port is not None]
    return ("METRICS_PORT", "WORKER_METRICS_PORT", *theirs)


def _table(declared: Sequence[Options]) -> Iterator[Option]:
    yield from OPTIONS
    for one in declared:
        yield from one.table


def _read(
    table: Sequence[Option], texts: Mapping[str, tuple[str, str]], faults: list[str]
) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for option in table:
        said, text = texts.get(option.name, ("", ""))
        values[option.field] = option.default
        if text:
            try:
                values[option.field] = option.parse(text)
            except ValueError as fault:
                faults.append(f"{said} {fault}.")
    return values


def default_data_dir() -> Path:
    """Where an installation lies that isn't told otherwise."""
    if os.geteuid() == 0:
        return Path("/var/lib/backline")
    import platformdirs  # noqa: PLC0415  # only where it is needed: the supervisor starts fast

    return platformdirs.user_data_path("backline", appauthor=False)


def bundled_ffmpeg() -> Path | None:
    """The binary of the wheel `imageio-ffmpeg`, found without importing or starting anything."""
    spec = find_spec("imageio_ffmpeg")
    for location in (spec.submodule_search_locations or ()) if spec else ():
        for found in sorted(Path(location, "binaries").glob("ffmpeg-*")):
            return found.resolve()
    return None


def _given(
    environ: Mapping[str, str], known: Mapping[str, Option], faults: list[str]
) -> dict[str, tuple[str, str]]:
    """The texts by option's name, each with how it was said; unknown names are faults."""
    texts: dict[str, tuple[str, str]] = {}
    for variable, text in environ.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX)
        if name in known:
            texts[name] = (variable, text.strip())
        elif name not in _INTERNAL and not _KUBERNETES.fullmatch(name):
            near = difflib.get_close_matches(name, known, 1, 0.6)
            hint = f" Did you mean {PREFIX}{near[0]}?" if near else ""
            faults.append(f"{variable} is no setting.{hint}")
    return texts


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _contradictions(values: dict[str, Any]) -> list[str]:
    """What is wrong with values that are each right."""
    faults: list[str] = []
    if not is_loopback(values["host"]) and not values["public_url"]:
        faults.append(
            f"BACKLINE_PUBLIC_URL is needed, since BACKLINE_HOST ({values['host']}) is open to "
            "other machines: set it to the address that people type, such as "
            "https://music.example.org."
        )
    if values["database_url"] and not values["secret_file"]:
        faults.append(
            "BACKLINE_SECRET_FILE is needed with BACKLINE_DATABASE_URL: all processes have to "
            "share one secret. Make it with `backline settings --new-secret FILE`."
        )
    if values["database_direct_url"] and not values["database_url"]:
        faults.append("BACKLINE_DATABASE_DIRECT_URL is of no use without BACKLINE_DATABASE_URL.")
    if values["media_offload"] == "redirect" and not values["storage_url"]:
        faults.append(
            "BACKLINE_MEDIA_OFFLOAD=redirect sends people to S3: it needs BACKLINE_STORAGE_URL."
        )
    if values["cdn_purge"] == "url" and not values["cdn_purge_url"]:
        faults.append("BACKLINE_CDN_PURGE=url calls an address: it needs BACKLINE_CDN_PURGE_URL.")
    if values["cdn_purge"] in ("cloudflare", "fastly"):
        faults += [
            f"BACKLINE_CDN_PURGE={values['cdn_purge']} needs BACKLINE_{name}."
            for name in ("CDN_PURGE_ID", "CDN_PURGE_TOKEN")
            if not values[name.lower()]
        ]
    if values["replica_urls"] and not values["database_url"]:
        faults.append("BACKLINE_REPLICA_URLS are of no use without BACKLINE_DATABASE_URL.")
    return faults
