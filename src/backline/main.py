"""The composition root, and the only one: settings become a platform, and that the processes."""

import asyncio
import shutil
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any, cast

import msgspec
from litestar import Litestar
from litestar.di import Provide
from litestar.types import ControllerRouterHandler

from backline import __version__
from backline.accounts import wiring as accounts_wiring
from backline.accounts.presence import Presence
from backline.accounts.settings import account_settings
from backline.accounts.users import names as user_names
from backline.accounts.users import setup_token
from backline.accounts.web import provide_actor
from backline.audio import media as audio_media
from backline.audio import wiring as audio_wiring
from backline.audio.settings import AudioServices, AudioSettings
from backline.platform import audit, audit_web, events, figures_web, jobs, jobs_web, telemetry
from backline.platform import web as platform_web
from backline.platform.cache import jobs as cache_jobs
from backline.platform.cache import web as cache_web
from backline.platform.cache.lane import Lane
from backline.platform.cache.room import CachedRoom
from backline.platform.confined import Confinement, Zygote
from backline.platform.database import Write, connect
from backline.platform.domain import Domain
from backline.platform.errors import Unavailable
from backline.platform.events import EventHub
from backline.platform.figures import Count, Figures
from backline.platform.health import Health
from backline.platform.http import scopes
from backline.platform.http.access_log import AccessLog, access_log
from backline.platform.http.application import API_PATH, application, provide
from backline.platform.http.asgi import App
from backline.platform.http.calls import Calls
from backline.platform.http.description import Described, describe
from backline.platform.http.edge import Edge, networks
from backline.platform.http.headers import content_security_policy, security_headers
from backline.platform.http.idempotency import provide_database
from backline.platform.http.origins import Origins, origins_of
from backline.platform.http.pages import Pages
from backline.platform.http.rooms import Rooms
from backline.platform.http.server import run_server
from backline.platform.limits import Limited, Limiter, Rules, assemble, open_limiter
from backline.platform.mail import jobs as mail_jobs
from backline.platform.mail import mail_settings
from backline.platform.mail import web as mail_web
from backline.platform.media import MediaApp, StoredFile, offload_of
from backline.platform.migrations import Migration, find, pending
from backline.platform.nearby import open_nearby
from backline.platform.parts import Platform, open_platform
from backline.platform.serving import ServePlace
from backline.platform.settings import Settings

DOMAINS: tuple[Domain, ...] = (accounts_wiring.DOMAIN, audio_wiring.DOMAIN)
_WEB_ROOT = Path(__file__).parent / "_web"
_SERVE_CONNECTIONS = 20
_WORK_CONNECTIONS = 10
# What handlers may name among their parameters.
INJECTED = (
    "actor",
    "settings",
    "database",
    "storage",
    "staging",
    "signer",
    "hub",
    "presence",
    "accounts",
    "audio",
    "costly",
    "figures",
    "address",
    "people",
    "mail",
)


def migrations() -> list[Migration]:
    """The whole schema, in the order that it is made."""
    return find(["backline.platform", *(f"backline.{domain.name}" for domain in DOMAINS)])


def routes() -> list[ControllerRouterHandler]:
    """Everything under `/api/v1`."""
    parts = (platform_web, jobs_web, cache_web, audit_web, figures_web, mail_web)
    shared = [route for part in parts for route in part.ROUTES]
    own = [scopes.group(domain.name, domain.routes) for domain in DOMAINS]
    return [scopes.group(scopes.SHARED, shared), *own]


def api_description() -> dict[str, Any]:
    """The OpenAPI description, without any server."""
    named = {name: provide(None) for name in INJECTED}
    return describe(application(routes(), dependencies=named, version=__version__))


class Web(msgspec.Struct, frozen=True):
    """The HTTP side of a process: the ASGI app, and what lives and ends with it."""

    app: Lane
    api: Litestar
    health: Health
    hub: EventHub
    presence: Presence
    cache: CachedRoom
    limiter: Limiter
    access_log: AccessLog | None

    def close_streams(self) -> None:
        """Take no more visitors and end what would never end by itself."""
        self.health.draining = True
        self.hub.close()


def web(platform: Platform) -> Web:
    """Put the rooms together."""
    job_registry()
    settings, origins = platform.settings, _origins(platform.settings)
    limits = limit_rules(settings)
    every_scope = scopes.names(domain.name for domain in DOMAINS)
    accounts = account_settings(settings, platform.secrets, origins, every_scope)
    hub = EventHub(platform.signals)
    presence = Presence(platform.database, accounts.keys, platform.signals)
    presence.on_ended(hub.end_session, hub.listens)
    nearby = open_nearby(settings.replica_urls, platform.database, platform.secrets)
    # What is cached, and all that isn't media, goes on without S3.
    storage = {"storage": platform.storage.check}
    health = Health(
        {
            "database": platform.database.ping,
            "schema": lambda: _check_schema(settings),
            **({} if settings.storage_url else storage),
        },
        __version__,
        informative={
            **(storage if settings.storage_url else {}),
            **({"redis": platform.costly.check} if settings.redis_url else {}),
            **(nearby.checks() if nearby is not None else {}),
        },
    )
    api = application(
        routes(),
        dependencies={
            "actor": Provide(provide_actor),
            "settings": provide(settings),
            "database": provide_database(platform.database, nearby),
            "storage": provide(platform.storage),
            "staging": provide(platform.staging),
            "signer": provide(platform.signer),
            "hub": provide(hub),
            "presence": provide(presence),
            "accounts": provide(accounts),
            "address": Provide(audit_web.provide_address, sync_to_thread=False),
            "people": provide(user_names),
            "mail": provide(accounts.mail),
            "costly": provide(platform.costly),
            "figures": provide(Figures(platform.database, platform.costly, _counts())),
            "audio": provide(AudioSettings(settings.max_upload_bytes, settings.quota_bytes)),
        },
        version=__version__,
    )

    async def resolve(prefix: str, name: str) -> StoredFile | None:
        if prefix.partition("/")[0] == audio_media.KIND:
            return await audio_media.resolve(platform.database, prefix, name)
        return None

    cache = CachedRoom(
        Calls(api, Described(api)),
        [cached for domain in DOMAINS for cached in domain.caches],
        database=platform.database,
        direct_dsn=settings.direct_dsn,
        signals=platform.signals,
        secrets=platform.secrets,
        secure_cookies=settings.is_https,
        nearby=nearby,
    )
    media = MediaApp(
        platform.signer,
        platform.storage,
        resolve,
        offload=offload_of(settings.media_offload, platform.presign),
    )
    rooms = Rooms(
        {"/api": cache.app, "/health": health, "/media": cast("App", media)},
        Pages(_WEB_ROOT, settings.asset_url),
    )
    limiter = open_limiter(limits.policies(), settings.redis_url)
    limited = Limited(rooms, limiter, limits, known=presence.known, find=presence.actor)
    policy = content_security_policy(
        storage_origins=[*settings.storage_origins, *platform.storage_origins],
        asset_origins=[settings.asset_url] if settings.asset_url else [],
    )
    access = access_log(level=settings.log_level, log_format=settings.log_format)
    edge = Edge(
        limited,
        origins,
        security_headers(policy, https=settings.is_https),
        networks(settings.trusted_proxies),
        large_bodies=(f"{API_PATH}/tracks", f"{API_PATH}/uploads", f"{API_PATH}/uploads/"),
        access_log=access,
    )
    lane = Lane(edge, cache.app, limiter, presence.known)
    return Web(lane, api, health, hub, presence, cache, limiter, access)


async def serve(settings: Settings, stop: asyncio.Event) -> None:
    """Answer HTTP until `stop` is set, then end within a few seconds."""
    place = ServePlace(settings.direct_dsn, stop, shared=settings.redis_url is not None)
    async with AsyncExitStack() as stack:
        stack.push_async_callback(place.close)
        await place.take()
        platform = await stack.enter_async_context(
            open_platform(settings, connections=_SERVE_CONNECTIONS)
        )
        made = web(platform)
        stack.push_async_callback(made.limiter.close)
        await platform.signals.start()
        await made.presence.start()
        await made.cache.start()
        metrics = telemetry.serve_metrics(settings.metrics_host, settings.metrics_port)
        try:
            await run_server(
                made.app,
                settings.host,
                settings.port,
                stop=stop,
                close_streams=made.close_streams,
                close_uploads=platform.staging.close,
                drain_s=settings.drain_s,
                lane=made.app,
            )
        finally:
            if metrics is not None:
                metrics.shutdown()
            await made.cache.close()
            await made.presence.close()
            if made.access_log is not None:
                made.access_log.flush()


CONFINED_MODULES = (
    "backline.audio.engine.cover",
    "backline.audio.engine.package",
    "backline.audio.engine.probe",
    "backline.audio.engine.tags",
)


def job_registry() -> jobs.Registry:
    """Say who handles which jobs; every process that enqueues needs that."""
    registry = jobs.assemble(
        [
            *cache_jobs.JOBS,
            *audit.JOBS,
            *mail_jobs.JOBS,
            *(job for domain in DOMAINS for job in domain.jobs),
        ],
        [
            *cache_jobs.SCHEDULES,
            *audit.SCHEDULES,
            *mail_jobs.SCHEDULES,
            *(one for domain in DOMAINS for one in domain.schedules),
        ],
        [subscription for domain in DOMAINS for subscription in domain.subscriptions],
        _tell_job,
    )
    jobs.register(registry)
    return registry


async def _tell_job(tx: Write, row: jobs.JobRow) -> None:
    if row.owner_id is not None:
        await events.publish(tx, row.owner_id, "jobs", "job", jobs.status_of(row))


async def work(settings: Settings, zygote: Zygote, stop: asyncio.Event) -> None:
    """Do jobs until `stop` is set; what isn't done within a few seconds is handed back.

    `zygote` was forked with `CONFINED_MODULES` before this loop began; when it is lost, this
    process ends, too, and its supervisor starts both anew.
    """
    registry = job_registry()
    async with (
        Confinement(zygote) as confinement,
        open_platform(settings, connections=_WORK_CONNECTIONS) as platform,
    ):
        work_dir = settings.media_dir / "work"
        await asyncio.to_thread(_empty, work_dir)
        services = AudioServices(
            platform.storage, platform.staging, confinement, settings.ffmpeg_path, work_dir
        )
        worker = jobs.Worker(
            platform.database,
            platform.signals,
            registry,
            services=[services, mail_settings(settings)],
            heavy_concurrency=settings.workers,
        )
        await platform.signals.start()
        watching = asyncio.create_task(_stop_when_lost(confinement, stop))
        measuring = asyncio.create_task(jobs.measure(platform.database))
        metrics = telemetry.serve_metrics(settings.metrics_host, settings.worker_metrics_port)
        try:
            await worker.run(stop)
        finally:
            watching.cancel()
            measuring.cancel()
            if metrics is not None:
                metrics.shutdown()


async def _stop_when_lost(confinement: Confinement, stop: asyncio.Event) -> None:
    await confinement.wait_lost()
    stop.set()


async def setup_link(settings: Settings) -> str | None:
    """The one-time link that makes the first administrator, or None where there is one."""
    database = await connect(settings.database_dsn, max_size=1)
    try:
        token = await setup_token(database)
    finally:
        await database.close()
    return f"{settings.address}/setup#{token}" if token else None


async def _check_schema(settings: Settings) -> None:
    missing = await pending(settings.direct_dsn, migrations())
    if missing:
        raise Unavailable(f"{len(missing)} migrations are missing. Run 'backline migrate'.")


def _counts() -> list[Count]:
    return [domain.count for domain in DOMAINS if domain.count is not None]


def limit_rules(settings: Settings) -> Rules:
    """What is limited, with the operator's own quotas.

    Raises:
        SettingsFault: they name a limit that there isn't.
    """
    return assemble(
        [*platform_web.LIMITS, *(limit for domain in DOMAINS for limit in domain.limits)],
        api_per_minute=settings.limit_api_per_minute,
        anonymous_per_15_minutes=settings.limit_anonymous_per_15_minutes,
        quotas=settings.limits,
    )


def _origins(settings: Settings) -> Origins:
    return origins_of(
        public_url=settings.public_url,
        host=settings.host,
        port=settings.port,
        allowed_hosts=settings.allowed_hosts,
        cors_origins=settings.cors_origins,
    )


def _empty(folder: Path) -> None:
    """Make a folder anew: what a crash left in it is of no use."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o750, parents=True)
