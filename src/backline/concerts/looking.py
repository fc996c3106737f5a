"""Pictures looked at in confined processes, many in each, and what their rows keep of that."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts import keys, photos, times
from backline.concerts.engine import bounds
from backline.concerts.engine.findings import THUMBNAIL, Drawn, Looked, Refused, Seen
from backline.concerts.engine.ladder import Encoding
from backline.concerts.engine.sniffing import CONTENT_TYPES
from backline.concerts.services import PhotoServices
from backline.concerts.sql.making import Facts
from backline.platform.confined import ConfinementFault, ConfinementLost, Limits

_LIMITS: Final = Limits(memory_bytes=768 * bounds.MIB, cpu_s=120, wall_s=180.0)
_DRAWING: Final = Limits(memory_bytes=768 * bounds.MIB, cpu_s=300, wall_s=600.0)
_LOOK: Final = "backline.concerts.engine.look:look"
_SEE_AND_DRAW: Final = "backline.concerts.engine.draw:see_and_draw"
_DRAW: Final = "backline.concerts.engine.draw:draw"


class Kept(msgspec.Struct, frozen=True):
    """A thumbnail that is stored; `files` is the JSON of sizes by their places in a photo."""

    generation: str
    files: str
    size_bytes: int


async def keep_thumbnail(
    services: PhotoServices, owner_id: UUID, photo_id: UUID, picture: Path
) -> Kept:
    """Store a thumbnail in a generation of its own, to which nothing points yet."""
    generation = photos.new_generation()
    name = f"{keys.prefix(owner_id, photo_id, generation)}/{THUMBNAIL}"
    stored = await services.storage.put_file(name, picture, adopt=True)
    files = msgspec.json.encode({f"{generation}/{THUMBNAIL}": stored.size_bytes}).decode()
    return Kept(generation, files, stored.size_bytes)


async def look(
    services: PhotoServices, root: Path, paths: Sequence[bytes], out: Path
) -> list[Looked]:
    """Look at files beneath `root`; the thumbnail of the n-th seen one is `out/n.webp`.

    Where one of them takes the process down with it, the others are looked at without it.
    """
    try:
        return await _look(services, root, paths, out)
    except ConfinementLost:
        raise
    except ConfinementFault as fault:
        if len(paths) == 1:
            return [Refused(_blamed(fault))]
    found: list[Looked] = []
    for n, path in enumerate(paths):
        alone = out / f"alone-{n}"
        alone.mkdir()
        [looked] = await look(services, root, [path], alone)
        if isinstance(looked, Seen):
            (alone / "0.webp").replace(out / f"{n}.webp")
        found.append(looked)
    return found


async def _look(
    services: PhotoServices, root: Path, paths: Sequence[bytes], out: Path
) -> list[Looked]:
    async with services.decodes:
        return await services.confinement.call(
            _LOOK,
            str(root),
            [path.split(b"/") for path in paths],
            str(out),
            returns=list[Looked],
            limits=_LIMITS,
            reads=[root],
            writes=[out],
        )


async def see_and_draw(
    services: PhotoServices, path: Path, out: Path
) -> tuple[Seen, Drawn] | Refused:
    """Look at one picture and draw its WebP variants into `out`."""
    try:
        return await services.confinement.call(
            _SEE_AND_DRAW,
            *(str(path.parent), path.name, str(out)),
            returns=tuple[Seen, Drawn] | Refused,  # type: ignore[arg-type]  # a union is a type here
            limits=_DRAWING,
            reads=[path],
            writes=[out],
        )
    except ConfinementLost:
        raise
    except ConfinementFault as fault:
        return Refused(_blamed(fault))


async def draw(
    services: PhotoServices, path: Path, out: Path, encoding: Encoding
) -> Drawn | Refused:
    """Draw a picture's variants in one encoding into `out`."""
    try:
        return await services.confinement.call(
            _DRAW,
            *(str(path.parent), path.name, str(out), encoding),
            returns=Drawn | Refused,  # type: ignore[arg-type]  # as above
            limits=_DRAWING,
            reads=[path],
            writes=[out],
        )
    except ConfinementLost:
        raise
    except ConfinementFault as fault:
        return Refused(_blamed(fault))


def _blamed(fault: ConfinementFault) -> str:
    return f"This picture could not be read. {fault.reason} It is probably damaged, or a trap."


async def facts_of(seen: Sequence[Seen], default_zone: str | None) -> list[Facts]:
    """What rows keep of pictures; their times are judged in a thread, since zones load slowly."""
    now = datetime.now(UTC)
    return await asyncio.to_thread(lambda: [facts(one, default_zone, now) for one in seen])


def facts(seen: Seen, default_zone: str | None, now: datetime) -> Facts:
    """What a row keeps of a picture."""
    found = seen.metadata
    time = times.settle(found, default_zone, now)
    return Facts(
        content_type=CONTENT_TYPES[seen.format],
        width_px=seen.width_px,
        height_px=seen.height_px,
        camera=found.camera,
        taken_at=time.taken_at,
        time_source=time.time_source,
        offset_min=time.offset_min,
        offset_source=time.offset_source,
        is_doubtful=time.is_doubtful,
        gps_at=time.gps_at,
        latitude=found.latitude,
        longitude=found.longitude,
        place_error_m=found.place_error_m,
        notes=[*found.notes, *(["odd-time"] if time.is_odd else [])],
        fingerprint=seen.fingerprint,
        contrast=seen.contrast,
        placeholder=seen.placeholder,
    )
