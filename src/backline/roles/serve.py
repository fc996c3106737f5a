"""`serve`: the rooms of an HTTP process put together, opened, run and closed."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any, cast

import msgspec
from litestar import Litestar

import backline
from backline import __version__
from backline.platform import telemetry
from backline.platform.actor import Callers
from backline.platform.admin.figures import Figures
from backline.platform.cache import Cached
from backline.platform.cache.watch import Watch
from backline.platform.confined import Confinement, Zygote
from backline.platform.database.migrating import pending
from backline.platform.database.place import ServePlace
from backline.platform.domain import Program
from backline.platform.errors import Unavailable
from backline.platform.events import Audience, EventHub
from backline.platform.front.calls import Calls
from backline.platform.front.description import Described
from backline.platform.front.doors import Rooms
from backline.platform.front.edge import Edge, networks
from backline.platform.front.health import Check, Health
from backline.platform.front.lane import Lane
from backline.platform.front.layers import CachedRoom, make_watch
from backline.platform.front.limiting import Limited
from backline.platform.front.nearby import Nearby, open_nearby
from backline.platform.front.pages import Pages
from backline.platform.front.server import run_server
from backline.platform.front.views import view_of
from backline.platform.host.folders import within
from backline.platform.http import scopes
from backline.platform.http.access_log import AccessLog, access_log
from backline.platform.http.asgi import App
from backline.platform.http.headers import content_security_policy, security_headers
from backline.platform.http.origins import own_origins
from backline.platform.limits import Limiter, Rules, assemble, open_limiter
from backline.platform.media import MediaApp, StoredFile, offload_of
from backline.platform.settings import Settings
from backline.platform.shared import Platform, open_platform
from backline.platform.storage.cdn import cdn_of
from backline.platform.wiring import DOMAIN as PLATFORM
from backline.platform.wiring import Served
from backline.roles.api import Api, large_bodies
from backline.roles.zygotes import stop_when_lost

_CONNECTIONS = 20


class Web(msgspec.Struct, frozen=True):
    """The HTTP side of a process: the ASGI app, and what lives and ends with it."""

    app: Lane
    api: Litestar
    health: Health
    hub: EventHub
    callers: Callers
    cache: CachedRoom
    limiter: Limiter
    access_log: AccessLog | None
    parts: Mapping[str, Any]

    def close_streams(self) -> None:
        """Take no more visitors and end what would never end by itself."""
        self.health.draining = True
        self.hub.close()


@asynccontextmanager
async def open_web(
    platform: Platform, program: Program, api: Api | None = None
) -> AsyncGenerator[Web]:
    """The rooms, with every domain's parts running in them; nothing polls or listens yet.

    `api` is the program's, where it is registered already; nobody else is given parts by it.
    """
    async with program.running(platform) as parts:
        made = web(platform, program, parts, api or Api(program))
        try:
            yield made
        finally:
            await made.limiter.close()


def web(platform: Platform, program: Program, parts: Mapping[str, Any], registered: Api) -> Web:
    """Put the rooms together."""
    settings = platform.settings
    limits, origins = limit_rules(program, settings), own_origins(settings)
    nearby = open_nearby(settings.replica_urls, platform.database, platform.secrets)
    watch = make_watch(settings.direct_dsn, platform.signals, nearby)
    served = _served(platform, program, nearby, watch)
    parts = {**parts, PLATFORM.name: served}
    callers = _identified(program, parts)
    callers.on_ended(served.hub.end_session, served.hub.listens)
    health = _health(platform, program, parts, nearby)
    registered.give(parts)
    api = registered.app
    cache = CachedRoom(
        Calls(api, Described(api)),
        [one for domain in program.domains for one in domain.caches if isinstance(one, Cached)],
        database=platform.database,
        watch=watch,
        reaches=program.identity.reaches,
        secrets=platform.secrets,
        lives=platform.signer.lives,
        secure_cookies=settings.is_https,
        nearby=nearby,
    )
    rooms: dict[str, App] = {
        "/api": cache.app,
        "/health": health,
        "/media": cast("App", _media(platform, program, parts)),
    }
    doors = [(door, parts[domain.name]) for domain in program.domains for door in domain.doors]
    rooms |= {door.prefix: door.app(theirs) for door, theirs in doors}
    limiter = open_limiter(settings.redis_url)
    limited = Limited(
        Rooms(rooms, Pages(_web_root(), settings.asset_url)),
        limiter,
        limits,
        known=callers.known,
        find=callers.find,
        lacks=scopes.lacking(api),
        doors={
            door.prefix: door.credentials(theirs, callers) if door.credentials is not None else None
            for door, theirs in doors
        },
    )
    access = access_log(level=settings.log_level, log_format=settings.log_format)
    edge = Edge(
        limited,
        origins,
        security_headers(_policy(platform, program), https=settings.is_https),
        networks(settings.trusted_proxies),
        large_bodies=large_bodies(api, program),
        access_log=access,
        methods=tuple(sorted({method for door, _ in doors for method in door.methods})),
    )
    lane = Lane(edge, cache.app, limiter, callers.known)
    return Web(lane, api, health, served.hub, callers, cache, limiter, access, parts)


async def serve(settings: Settings, program: Program, zygote: Zygote, stop: asyncio.Event) -> None:
    """Answer HTTP until `stop` is set, then end within a few seconds.

    `zygote` was forked before this loop began, and reads no modules ahead: here programs are run.
    """
    place = ServePlace(settings.direct_dsn, stop, shared=settings.redis_url is not None)
    async with AsyncExitStack() as stack:
        confinement = await stack.enter_async_context(Confinement(zygote))
        stack.push_async_callback(place.close)
        await place.take()
        platform = await stack.enter_async_context(
            open_platform(
                settings, program.declared, connections=_CONNECTIONS, confinement=confinement
            )
        )
        made = await stack.enter_async_context(open_web(platform, program))
        await platform.signals.start()
        await made.callers.start()
        await made.cache.start()
        stack.enter_context(telemetry.serving_metrics(settings.metrics_host, settings.metrics_port))
        watching = asyncio.create_task(stop_when_lost(confinement, stop))
        try:
            await run_server(
                made.app,
                settings.host,
                settings.port,
                stop=stop,
                close_streams=made.close_streams,
                close_uploads=platform.staging.close,
                drain_s=settings.drain_s,
            )
        finally:
            watching.cancel()
            await made.cache.close()
            await made.callers.close()
            if made.access_log is not None:
                made.access_log.flush()


def limit_rules(program: Program, settings: Settings) -> Rules:
    """What is limited, with the operator's own quotas.

    Raises:
        SettingsFault: they name a limit that there isn't.
    """
    return assemble(
        [limit for domain in program.domains for limit in domain.limits],
        api_per_minute=settings.limit_api_per_minute,
        anonymous_per_15_minutes=settings.limit_anonymous_per_15_minutes,
        doors={
            door.prefix: door.policy
            for domain in program.domains
            for door in domain.doors
            if door.policy is not None
        },
        quotas=settings.limits,
    )


def _served(platform: Platform, program: Program, nearby: Nearby | None, watch: Watch) -> Served:
    audience = Audience(platform.database, watch, program.identity.memberships)
    return Served(
        platform,
        EventHub(platform.signals, audience),
        Figures(platform.database, platform.costly, program.counts),
        program.identity.names,
        view_of(platform.database, nearby),
    )


def _identified(program: Program, parts: Mapping[str, Any]) -> Callers:
    owner = next(domain for domain in program.domains if domain.identity is program.identity)
    return program.identity.callers(parts[owner.name])


def _health(
    platform: Platform, program: Program, parts: Mapping[str, Any], nearby: Nearby | None
) -> Health:
    # What is cached, and all that isn't media, goes on without S3.
    storage: dict[str, Check] = {"storage": platform.storage.check}
    is_bucket = platform.settings.storage_url is not None
    checks = (domain.checks(parts[domain.name]) for domain in program.domains if domain.checks)
    return Health(
        {
            "database": platform.database.ping,
            "schema": partial(_check_schema, platform.settings, program),
            **({} if is_bucket else storage),
        },
        __version__,
        informative={
            **(storage if is_bucket else {}),
            **({"redis": platform.costly.check} if platform.settings.redis_url else {}),
            **(nearby.checks() if nearby is not None else {}),
            **{name: check for said in checks for name, check in said.items()},
        },
    )


async def _check_schema(settings: Settings, program: Program) -> None:
    missing = await pending(settings.direct_dsn, program.migrations)
    if missing:
        raise Unavailable(f"{len(missing)} migrations are missing. Run 'backline migrate'.")


def _media(platform: Platform, program: Program, parts: Mapping[str, Any]) -> MediaApp:
    gives = {
        kind: make(parts[domain.name])
        for domain in program.domains
        for kind, make in domain.gives.items()
    }
    by_kind = {kind.kind: kind for kind in program.files}

    async def resolve(prefix: str, name: str) -> StoredFile | None:
        kind = by_kind.get(prefix.partition("/")[0])
        if kind is None or kind.resolve is None:
            return None
        file = await kind.resolve(platform.database, prefix, name)
        if file is None:
            return None
        # The operator may have closed its folder since it was looked at, or that of one in a ZIP.
        inside = [member.file for member in file.members or ()]
        named = {one.place.root for one in (file, *inside) if one.place is not None}
        roots = kind.places(platform.settings) if named and kind.places is not None else ()
        return file if all(within(root, roots) == Path(root) for root in named) else None

    offload = offload_of(platform.settings.media_offload, platform.presign)
    return MediaApp(
        platform.signer,
        platform.storage,
        resolve,
        gives=gives,
        offload=offload,
        cdn=cdn_of(platform.settings),
    )


def _policy(platform: Platform, program: Program) -> str:
    settings = platform.settings
    others = [
        origin
        for domain in program.domains
        if domain.origins
        for origin in domain.origins(settings)
    ]
    return content_security_policy(
        storage_origins=[*settings.storage_origins, *platform.storage_origins, *others],
        asset_origins=[settings.asset_url] if settings.asset_url else [],
        report_to=telemetry.report_origin(settings.sentry_dsn),
    )


def _web_root() -> Path:
    """Where the pages lie: by the package's path, which leads past a closed home (`host/reach`)."""
    return Path(backline.__path__[0]) / "_web"
