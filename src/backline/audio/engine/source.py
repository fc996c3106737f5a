"""What a stranger's file is: probe and tags together, each read in a confined child."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast

import msgspec

from backline.audio.engine import bounds
from backline.audio.engine.faults import Unplayable, unreadable
from backline.audio.engine.findings import Covers, NoCover, Probe, Refused, TagsRead
from backline.audio.engine.labels import filled, of_texts
from backline.audio.engine.pictures import picture_path
from backline.audio.models import Line, Tags
from backline.platform.confined import Confinement, ConfinementFault, ConfinementLost, Limits

# By name: the decoders are loaded where these run, not here.
_PROBE_FILE: Final = "backline.audio.engine.probe:probe"
_READ_TAGS: Final = "backline.audio.engine.tags:read_tags"
_DRAW: Final = "backline.audio.engine.cover:make_covers"

_MIB: Final = 1024 * 1024
_TAGS: Final = Limits(memory_bytes=512 * _MIB, cpu_s=20, wall_s=120, file_bytes=32 * _MIB)
_PROBE: Final = Limits(memory_bytes=512 * _MIB, cpu_s=30, wall_s=180, file_bytes=32 * _MIB)
_COVER: Final = Limits(memory_bytes=1024 * _MIB, cpu_s=30, wall_s=180, file_bytes=32 * _MIB)


class Source(msgspec.Struct, frozen=True):
    """A playable file.

    `pictures` are those embedded that may be its cover, the best first, as they stood in the
    file, not decoded; `warnings` are sentences for the owner.
    """

    probe: Probe
    tags: Tags
    lyrics: list[Line]
    pictures: list[Path]
    warnings: tuple[str, ...]


async def inspect(confinement: Confinement, path: Path, work_dir: Path) -> Source:
    """Find out what the file is, by its content; its name means nothing.

    Embedded pictures are written into `work_dir`.

    Raises:
        Unplayable: it can't become a track, with the reason for its owner.
    """
    warnings: list[str] = []
    # Tags come first: counting them is cheap here, and libavformat may drown in them.
    read = await _tags(confinement, path, work_dir)
    if read is None:
        read = TagsRead()
        warnings.append("Its tags could not be read, so title and artist are missing.")
    if read.count > bounds.MAX_TAGS:
        raise Unplayable(
            f"This file carries {read.count:,} tags; the limit is {bounds.MAX_TAGS:,}. "
            "Remove them with a tag editor and upload it again."
        )
    found = await _probe(confinement, path, None if read.pictures else work_dir)
    if read.warning is not None:
        warnings.append(read.warning)
    if found.has_video:
        warnings.append("This is a video; only its sound is played.")
    return Source(
        probe=found,
        lyrics=read.lyrics,
        tags=filled(read.tags, of_texts(found.texts)),
        pictures=[
            picture_path(str(work_dir), number)
            for number in range(max(read.pictures, found.pictures))
        ],
        warnings=tuple(warnings),
    )


async def draw_covers(
    confinement: Confinement, pictures: Sequence[Path], out_dir: Path
) -> Covers | NoCover:
    """Make the two covers of the first good picture in `out_dir`, or say why there are none."""
    try:
        return await confinement.call(
            _DRAW,
            [str(picture) for picture in pictures],
            str(out_dir),
            returns=cast("type[Covers | NoCover]", Covers | NoCover),
            limits=_COVER,
            reads=pictures,
            writes=[out_dir],
        )
    except ConfinementLost:
        raise
    except ConfinementFault as fault:
        return NoCover(f"The cover was left out: its picture can't be read. {fault.reason}")


async def _tags(confinement: Confinement, path: Path, work_dir: Path) -> TagsRead | None:
    try:
        return await confinement.call(
            _READ_TAGS,
            str(path),
            str(work_dir),
            returns=TagsRead,
            limits=_TAGS,
            reads=[path],
            writes=[work_dir],
        )
    except ConfinementLost:
        raise
    except ConfinementFault:
        return None


async def _probe(confinement: Confinement, path: Path, pictures_dir: Path | None) -> Probe:
    try:
        found = await confinement.call(
            _PROBE_FILE,
            str(path),
            str(pictures_dir or ""),
            returns=cast("type[Probe | Refused]", Probe | Refused),
            limits=_PROBE,
            reads=[path],
            writes=[pictures_dir] if pictures_dir else [],
        )
    except ConfinementLost:
        raise
    except ConfinementFault as fault:
        raise unreadable(fault) from fault
    if isinstance(found, Refused):
        raise Unplayable(found.reason)
    return found
