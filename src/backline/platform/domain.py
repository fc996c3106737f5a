"""What a domain hands to the composition root, its table of contents, and the sum of all."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import Any

import msgspec
from litestar.types import ControllerRouterHandler

from backline.platform.actor import Actor, Callers
from backline.platform.admin.figures import Count
from backline.platform.audit import People
from backline.platform.cache import Cached, CostlyValue
from backline.platform.cache.declared import lifetimes
from backline.platform.database import Database
from backline.platform.database.migrating import Migration
from backline.platform.events import Memberships
from backline.platform.front.doors import ROOMS, Door
from backline.platform.front.health import Check
from backline.platform.front.idempotency import Reaches
from backline.platform.http import scopes
from backline.platform.jobs import Job, OnJob, Schedule, Subscription
from backline.platform.jobs import assemble as registry
from backline.platform.limits import Limit
from backline.platform.media import Give
from backline.platform.notices import NoticeKind
from backline.platform.settings import Settings
from backline.platform.shared import Declared, Platform
from backline.platform.storage.kinds import FileKind
from backline.platform.storage.takes import Takes

Demo = Callable[[Platform, Sequence[Actor]], Awaitable[Mapping[str, int]]]


class Once(msgspec.Struct, frozen=True):
    """Given to handlers: made from the domain's parts, once for the life of a process."""

    make: Callable[[Any], object]


class ByRequest(msgspec.Struct, frozen=True):
    """Given to handlers: what a function of the request says, which is made once from the parts."""

    make: Callable[[Any], Callable[[Any], object]]


class EachTime(msgspec.Struct, frozen=True):
    """Given to handlers: made anew for a request; its own parameters are given to it likewise."""

    make: Callable[..., Any]


class Sampled(msgspec.Struct, frozen=True):
    """The sample people, once they are there; with `is_whole` all that is theirs is there, too."""

    people: Sequence[Actor]
    is_whole: bool


class Samples(msgspec.Struct, frozen=True):
    """The people of `backline up --demo`, and how to sign in as one of them.

    `begin` gives them, or None where others use the installation; `finish` says that every
    domain's samples are theirs now.
    """

    emails: Sequence[str]
    password: str
    begin: Callable[[Database], Awaitable[Sampled | None]]
    finish: Callable[[Database], Awaitable[None]]


class Identity(msgspec.Struct, frozen=True):
    """How it is known who asks. `callers` is made from the domain's parts, for a server.

    `names` tells what people are called. `setup_token` makes the one-time token of the first
    administrator, and gives None where there is one already. `memberships` are the containers that
    somebody is a member of: what happens in those they hear of. `reaches` tells whether they
    still have a rank in one. `samples` are people to look around as.
    """

    callers: Callable[[Any], Callers]
    names: People
    setup_token: Callable[[Database], Awaitable[str | None]]
    memberships: Memberships
    reaches: Reaches
    samples: Samples


class Domain(msgspec.Struct, frozen=True, kw_only=True):
    """A domain's parts. What is left out it doesn't have.

    routes: HTTP handlers under `/api/v1`; `doors` are other prefixes.
    scopes: the domains whose scopes its routes need, any of them; left out, its own.
    runs: what lives as long as a process, yielding the domain's parts; without it, its parts are
        the platform itself. `provides` and `services` are made from these parts: what handlers
        may name among their parameters, and what its jobs work with.
    identity: of exactly one domain, who asks.
    role: what the process does that its `options` declare; it ends when the event is set.
    beside: what every worker does besides jobs, made from the parts, until it is cancelled.
    caches: answers that may be given again, and kinds of costly values, each with its lifetime.
    topics: of live events, each with the scope that an API token needs to hear of it.
    files: the kinds of its stored files; sweep, doctor, backup and the media room follow them.
    gives: kinds of media that lie in no storage, each made from the parts.
    takes: what uploads may become here.
    notices: the kinds of what it tells people; each name begins with the domain's.
    confined: modules that strangers' bytes are given to.
    origins: what its pages must reach besides this server, by the settings.
    checks: further lines of `/health/ready`, made from the parts; none makes a server unready.
    count: figures for administrators, and of what `restore` brought back.
    demo: adds its samples to the sample people, but for those that are there already; tells how
        many of what.
    """

    name: str
    routes: Sequence[ControllerRouterHandler] = ()
    doors: Sequence[Door] = ()
    scopes: Callable[[Declared], Sequence[str]] | None = None
    runs: Callable[[Platform], AbstractAsyncContextManager[Any]] | None = None
    provides: Mapping[str, Once | ByRequest | EachTime] = {}
    services: Callable[[Any], object] | None = None
    identity: Identity | None = None
    role: "RunRole | None" = None
    beside: Callable[[Any], Coroutine[Any, Any, None]] | None = None
    jobs: Sequence[Job] = ()
    schedules: Sequence[Schedule] = ()
    subscriptions: Sequence[Subscription] = ()
    caches: Sequence[Cached | CostlyValue] = ()
    limits: Sequence[Limit] = ()
    topics: Mapping[str, str] = {}
    files: Sequence[FileKind] = ()
    gives: Mapping[str, Callable[[Any], Give]] = {}
    takes: Sequence[Takes[Any]] = ()
    notices: Sequence[NoticeKind] = ()
    confined: Sequence[str] = ()
    origins: Callable[[Settings], Sequence[str]] | None = None
    checks: Callable[[Any], Mapping[str, Check]] | None = None
    count: Count | None = None
    demo: Demo | None = None


RunRole = Callable[[Settings, "Program", asyncio.Event], Awaitable[None]]


class Program(msgspec.Struct, frozen=True):
    """All declarations together, the platform's own first. Made by `assemble`."""

    domains: tuple[Domain, ...]
    migrations: tuple[Migration, ...]
    identity: Identity
    declared: Declared

    @property
    def roles(self) -> dict[str, RunRole]:
        """What the processes of domains do, by the names that `options` give them."""
        return {domain.name: domain.role for domain in self.domains if domain.role is not None}

    @property
    def files(self) -> tuple[FileKind, ...]:
        """Every kind of stored files."""
        return tuple(kind for domain in self.domains for kind in domain.files)

    @property
    def counts(self) -> list[Count]:
        """What the domains count."""
        return [domain.count for domain in self.domains if domain.count is not None]

    @asynccontextmanager
    async def running(self, platform: Platform) -> AsyncGenerator[Mapping[str, Any]]:
        """The parts of every domain, by its name, for the life of a process."""
        async with AsyncExitStack() as stack:
            parts: dict[str, Any] = {}
            for domain in self.domains:
                parts[domain.name] = platform
                if domain.runs is not None:
                    parts[domain.name] = await stack.enter_async_context(domain.runs(platform))
            yield parts


def assemble(
    domains: Sequence[Domain], migrations: Sequence[Migration], *, on_job: OnJob | None = None
) -> Program:
    """Put all declarations together; `on_job` runs in the transaction that changes a job.

    Raises:
        ValueError: they contradict each other.
    """
    identities = [domain.identity for domain in domains if domain.identity is not None]
    if len(identities) != 1:
        raise ValueError("Exactly one domain says who asks.")
    for what, said in (
        ("domains", [domain.name for domain in domains]),
        ("values for handlers", [name for domain in domains for name in domain.provides]),
        ("topics", [topic for domain in domains for topic in domain.topics]),
        (
            "kinds of files",
            [
                kind
                for domain in domains
                for kind in (*(one.kind for one in domain.files), *domain.gives)
            ],
        ),
        ("kinds of uploads", [takes.kind for domain in domains for takes in domain.takes]),
        ("kinds of notices", [kind.name for domain in domains for kind in domain.notices]),
        ("doors", [*ROOMS, *(door.prefix for domain in domains for door in domain.doors)]),
    ):
        twice = sorted({one for one in said if said.count(one) > 1})
        if twice:
            raise ValueError(f"There are two {what} of the name {twice[0]!r}.")
    for domain in domains:
        for kind in domain.notices:
            if not kind.name.startswith(f"{domain.name}."):
                raise ValueError(f"The notices {kind.name!r} aren't called after {domain.name}.")
    declared = Declared(
        scopes.names(domain.name for domain in domains if domain.scopes is None),
        {topic: scope for domain in domains for topic, scope in domain.topics.items()},
        registry(
            [job for domain in domains for job in domain.jobs],
            [schedule for domain in domains for schedule in domain.schedules],
            [subscription for domain in domains for subscription in domain.subscriptions],
            on_job,
        ),
        lifetimes(one for domain in domains for one in domain.caches),
        {takes.kind: takes for domain in domains for takes in domain.takes},
        {kind.name: kind for domain in domains for kind in domain.notices},
    )
    return Program(tuple(domains), tuple(migrations), identities[0], declared)
