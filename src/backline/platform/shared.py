"""The parts that one process shares among all domains, opened together and closed in reverse."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec

from backline.platform import jobs
from backline.platform.cache.costly import Costly
from backline.platform.confined import Confinement
from backline.platform.database import Database, connect
from backline.platform.database.signals import Signals
from backline.platform.media.signing import Lives, MediaSigner
from backline.platform.notices import NoticeKind
from backline.platform.secrets import Secrets, load_secrets
from backline.platform.settings import Settings
from backline.platform.storage import Presign, Staging, Storage, open_storage
from backline.platform.storage.takes import Takes


class Declared(msgspec.Struct, frozen=True):
    """What all domains together declare, as far as their parts may ask for it.

    `scopes` are all that an API token can have; `topics` are those of live events, with the scope
    that a token needs for each; `jobs` says who handles what; `lifetimes` are those of costly
    values, by their kinds, in seconds; `takes` is what uploads may become, by its kind; `notices`
    are the kinds of notices, by their names.
    """

    scopes: frozenset[str]
    topics: Mapping[str, str]
    jobs: jobs.Registry
    lifetimes: Mapping[str, float]
    takes: Mapping[str, Takes[Any]]
    notices: Mapping[str, NoticeKind]


class Platform(msgspec.Struct, frozen=True):
    """What a process has, each part made once. Workers and servers have a `confinement`."""

    settings: Settings
    secrets: Secrets
    database: Database
    signals: Signals
    storage: Storage
    staging: Staging
    signer: MediaSigner
    costly: Costly
    presign: Presign | None
    declared: Declared
    confinement: Confinement | None = None

    @property
    def work_dir(self) -> Path:
        """Where jobs put what they are making; emptied whenever a worker starts."""
        return self.settings.media_dir / "work"

    @property
    def storage_origins(self) -> tuple[str, ...]:
        """Where browsers are sent to for media besides this server."""
        is_sent = self.presign is not None and self.settings.media_offload == "redirect"
        return (self.presign.origin,) if self.presign is not None and is_sent else ()


@asynccontextmanager
async def open_platform(
    settings: Settings,
    declared: Declared,
    *,
    connections: int,
    confinement: Confinement | None = None,
) -> AsyncGenerator[Platform]:
    """Open what a process needs, and close it again in the opposite order."""
    async with AsyncExitStack() as stack:
        secrets = load_secrets(settings.secret_path)
        database = await connect(
            settings.database_dsn,
            max_size=connections,
            slow_s=settings.slow_statement_ms / 1000 if settings.slow_statement_ms else None,
            direct_dsn=settings.direct_dsn,
        )
        stack.push_async_callback(database.close)
        database.declared = declared.jobs
        signals = _signals(settings, database, stack)
        stack.push_async_callback(signals.close)
        stores = open_storage(settings, database)
        signer = MediaSigner(secrets, Lives(settings.media_url_s))
        costly = _costly(settings, database, signals, declared.lifetimes)
        stack.push_async_callback(costly.close)
        yield Platform(
            settings,
            secrets,
            database,
            signals,
            stores.storage,
            stores.staging,
            signer,
            costly,
            stores.presign,
            declared,
            confinement,
        )


def _signals(settings: Settings, database: Database, stack: AsyncExitStack) -> Signals:
    """By PostgreSQL, or by Redis where there is one; then writes send after their COMMIT."""
    if settings.redis_url is None:
        return Signals(settings.direct_dsn)
    from backline.platform.outside.redis import RedisChannel  # noqa: PLC0415  # loads slowly

    channel = RedisChannel(settings.redis_url)
    stack.push_async_callback(channel.close)
    database.publish = channel.publish
    return Signals(channel.listen)


def _costly(
    settings: Settings, database: Database, signals: Signals, lifetimes: Mapping[str, float]
) -> Costly:
    """Costly values in this process, and in Redis where there is one."""
    if settings.redis_url is None:
        return Costly(database, signals, lifetimes)
    from backline.platform.cache.shared import SharedValues  # noqa: PLC0415  # loads slowly

    return Costly(database, signals, lifetimes, SharedValues(settings.redis_url))
