"""Files looked at in confined processes, many in each, and their covers drawn in others."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from backline.audio.engine.findings import (
    LARGE_NAME,
    SMALL_NAME,
    Catalogued,
    Covers,
    Looked,
    Refused,
)
from backline.audio.engine.source import draw_covers
from backline.audio.settings import AudioServices
from backline.platform.confined import ConfinementFault, ConfinementLost, Limits

_MIB: Final = 1024 * 1024
_LOOK: Final = "backline.audio.engine.catalogue:look"
_LIMITS: Final = Limits(memory_bytes=512 * _MIB, cpu_s=120, wall_s=300, file_bytes=32 * _MIB)


async def look(
    services: AudioServices, root: Path, paths: Sequence[bytes], out: Path
) -> list[Looked]:
    """Look at files beneath `root`; their pictures lie in folders in `out`.

    Where one of them takes the process down with it, the others are looked at without it.
    """
    try:
        return await _look(services, root, paths, out)
    except ConfinementLost:
        raise
    except ConfinementFault as fault:
        if len(paths) == 1:
            reason = f"This file could not be read. {fault.reason} It is probably damaged."
            return [Refused(reason)]
    return [one for path in paths for one in await look(services, root, [path], out)]


async def _look(
    services: AudioServices, root: Path, paths: Sequence[bytes], out: Path
) -> list[Looked]:
    async with services.looks:
        return await services.confinement.call(
            _LOOK,
            str(root),
            [path.split(b"/") for path in paths],
            str(out),
            returns=list[Catalogued | Refused],
            limits=_LIMITS,
            reads=[root],
            writes=[out],
        )


async def draw(services: AudioServices, pictures: Path, target: Path) -> dict[str, Path] | None:
    """Draw the cover of a folder of pictures into `target`; its files, or None without any."""
    found = await asyncio.to_thread(_prepared, pictures, target)
    async with services.looks:
        drawn = await draw_covers(services.confinement, found, target)
    if not isinstance(drawn, Covers):
        return None
    return {name: target / name for name in (SMALL_NAME, LARGE_NAME)}


def _prepared(pictures: Path, target: Path) -> list[Path]:
    target.mkdir()
    return sorted(pictures.iterdir())
