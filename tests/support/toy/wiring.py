"""The table of contents of toys."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from backline.platform.cache import Cached
from backline.platform.domain import Domain, Once
from backline.platform.front.doors import Door
from backline.platform.jobs import Job, Schedule
from backline.platform.limits import Limit, Policy
from backline.platform.notices import NoticeKind
from backline.platform.shared import Platform

from . import jobs, pictures, roles, toys, web
from .options import ToyOptions


@asynccontextmanager
async def run(platform: Platform) -> AsyncGenerator[ToyOptions]:
    """Toys need no more than what they are set to."""
    yield platform.settings.of(ToyOptions)


async def well() -> None:
    """Toys are always well."""


DOMAIN = Domain(
    name="toy",
    routes=web.ROUTES,
    doors=[
        Door(
            "/box",
            lambda _parts: web.box,
            lambda _parts, _callers: web.by_key,
            methods=("PROPFIND",),
        )
    ],
    runs=run,
    provides={"toy_limit": Once(lambda parts: parts.toy_limit)},
    services=lambda _parts: "shiny ",
    role=roles.play,
    jobs=[Job(toys.SHINE, jobs.shine, toys.ToyJob), Job("toy.tidy", jobs.tidy)],
    schedules=[Schedule("toy.tidy", daily_at="04:00")],
    caches=[Cached("/toys", "toys", 300, ("toys:{user}",))],
    limits=[Limit(Policy("toys", 50, 60, "user"), "POST", "/toys")],
    topics={"toys": "toy:read"},
    files=[pictures.PICTURES],
    gives={"toy-song": lambda _parts: toys.sing},
    takes=[pictures.TAKES],
    notices=[NoticeKind("toy.shone", "toys that shine again")],
    origins=lambda _settings: ["https://toys.example.org"],
    checks=lambda _parts: {"toys": well},
    count=toys.count,
)
