"""The sample photos put into a folder, and a scan of it begun for one of the sample people."""

import asyncio
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from backline.concerts import scans
from backline.concerts.scans import FolderSource, ScanForm
from backline.concerts.services import sample_drive_folder, sample_folder, scannable
from backline.platform.actor import Actor
from backline.platform.shared import Platform

if TYPE_CHECKING:
    from backline.concerts.demo.catalogue import Shot


async def add(platform: Platform, people: Sequence[Actor]) -> dict[str, int]:
    """Paint the photos that are missing, and have them found as anybody's are; how many."""
    folder = sample_folder(platform.settings)
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    counts = await asyncio.to_thread(_paint, platform)
    form = ScanForm(FolderSource(str(folder)))
    async with platform.database.write() as tx:
        if not await scans.page(tx, people[0], None, 1):
            await scans.start(tx, people[0], form, scannable(platform.settings))
    return counts


def _paint(platform: Platform) -> dict[str, int]:
    # They stand on numpy, which no server needs.
    from backline.concerts.demo.catalogue import DRIVE_NIGHTS, NIGHTS  # noqa: PLC0415  # see above
    from backline.concerts.demo.shots import shots, write  # noqa: PLC0415  # see above

    def paint(folder: Path, all_of_them: "Iterable[Shot]") -> int:
        missing = [shot for shot in all_of_them if not (folder / shot.path).is_file()]
        for shot in missing:
            write(shot, folder)
        return len(missing)

    return {
        "photos": paint(sample_folder(platform.settings), shots()),
        "photos in a Drive": paint(
            sample_drive_folder(platform.settings), shots(DRIVE_NIGHTS, first=len(NIGHTS))
        ),
    }
