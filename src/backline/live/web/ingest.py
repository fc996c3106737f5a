"""HTTP for what is the same for everybody: where encoders publish, and the platforms."""

import msgspec
from litestar import get
from litestar.di import NamedDependency

from backline.live import services
from backline.live.models import Ingest
from backline.live.presets import PRESETS, Preset
from backline.live.services import LiveServices
from backline.platform.actor import Actor
from backline.platform.database import Database

_TAGS = ["live"]


class PresetList(msgspec.Struct, frozen=True):
    """All platforms that are known."""

    items: list[Preset]
    next_cursor: str | None = None


_PRESETS = PresetList(list(PRESETS.values()))


@get("/live/presets", tags=_TAGS, summary="Well-known platforms")
async def list_presets(actor: NamedDependency[Actor]) -> PresetList:
    """Their servers, where they show their keys, and what they want to get."""
    del actor
    return _PRESETS


@get("/live/ingest", tags=_TAGS, summary="Where encoders publish")
async def get_ingest(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    live: NamedDependency[LiveServices],
) -> Ingest:
    """The address for the encoder; the stream key is the project's. `fault` says what is wrong."""
    del actor
    async with database.read() as read:
        return await services.ingest(read, live)


ROUTES = [list_presets, get_ingest]
