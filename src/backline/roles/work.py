"""`work`: a process that does jobs, with a zygote for strangers' files."""

import asyncio
import shutil
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from backline.platform import jobs, telemetry
from backline.platform.cache.declared import invalidations_kept_s
from backline.platform.cache.jobs import PRUNE
from backline.platform.confined import Confinement, Zygote
from backline.platform.domain import Program
from backline.platform.host.background import Background
from backline.platform.settings import Settings
from backline.platform.shared import Platform, open_platform
from backline.platform.storage import cdn
from backline.platform.storage.sweep import SWEEP, Swept
from backline.roles.zygotes import stop_when_lost

_CONNECTIONS = 10


def confined_modules(program: Program) -> list[str]:
    """What the zygote has to have read before it is forked."""
    return [module for domain in program.domains for module in domain.confined]


async def work(settings: Settings, program: Program, zygote: Zygote, stop: asyncio.Event) -> None:
    """Do jobs until `stop` is set; what isn't done within a few seconds is handed back.

    `zygote` was forked with `confined_modules` before this loop began; when it is lost, this
    process ends, too, and its supervisor starts both anew.
    """
    async with (
        Confinement(zygote) as confinement,
        open_platform(
            settings, program.declared, connections=_CONNECTIONS, confinement=confinement
        ) as platform,
        program.running(platform) as parts,
    ):
        await asyncio.to_thread(_empty, platform.work_dir)
        worker = jobs.Worker(
            platform.database,
            platform.signals,
            services=services(platform, program, parts),
            heavy_concurrency=settings.workers,
        )
        await platform.signals.start()
        watching = asyncio.create_task(stop_when_lost(confinement, stop))
        measuring = asyncio.create_task(jobs.measure(platform.database))
        try:
            with telemetry.serving_metrics(settings.metrics_host, settings.worker_metrics_port):
                async with besides(program, parts):
                    await worker.run(stop)
        finally:
            watching.cancel()
            measuring.cancel()


@asynccontextmanager
async def besides(program: Program, parts: Mapping[str, Any]) -> AsyncGenerator[None]:
    """What domains do in a worker besides jobs, for as long as the `async with` runs."""
    async with AsyncExitStack() as stack:
        for domain in program.domains:
            if domain.beside is not None:
                work = Background()
                stack.push_async_callback(work.stop)
                work.start(domain.beside(parts[domain.name]), f"{domain.name}-beside")
        yield


def services(platform: Platform, program: Program, parts: Mapping[str, Any]) -> dict[str, object]:
    """What jobs work with, by their kinds: what their domain makes of its parts."""
    made = {
        job.kind: of_domain
        for domain in program.domains
        if domain.services is not None
        for of_domain in (domain.services(parts[domain.name]),)
        for job in domain.jobs
    }
    # What follows from the declarations of all domains.
    made[SWEEP] = Swept(platform.storage, program.files)
    made[cdn.PURGE] = cdn.cdn_of(platform.settings)
    made[PRUNE] = invalidations_kept_s(platform.declared.lifetimes.values())
    return made


def _empty(folder: Path) -> None:
    """Make a folder anew: what a crash left in it is of no use."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o750, parents=True)
