"""The sample photos put into a folder, and a scan of it begun for one of the sample people."""

import asyncio
from collections.abc import Sequence

from backline.concerts import scans
from backline.concerts.scans import FolderSource, ScanForm
from backline.concerts.services import sample_drive_folder, sample_folder, scannable
from backline.platform.actor import Actor
from backline.platform.shared import Platform


async def add(platform: Platform, people: Sequence[Actor]) -> dict[str, int]:
    """Paint the photos that are missing, and have them found as anybody's are; how many."""
    folder = sample_folder(platform.settings)
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    count = await asyncio.to_thread(_paint, platform)
    form = ScanForm(FolderSource(str(folder)))
    async with platform.database.write() as tx:
        if not await scans.page(tx, people[0], None, 1):
            await scans.start(tx, people[0], form, scannable(platform.settings))
    return {"photos": count}


def _paint(platform: Platform) -> int:
    # They stand on numpy, which no server needs.
    from backline.concerts.demo.catalogue import DRIVE_NIGHTS, NIGHTS  # noqa: PLC0415  # see above
    from backline.concerts.demo.shots import shots, write  # noqa: PLC0415  # see above

    count, folder = 0, sample_folder(platform.settings)
    for shot in shots():
        if not (folder / shot.path).is_file():
            write(shot, folder)
            count += 1
    drive = sample_drive_folder(platform.settings)
    for shot in shots(DRIVE_NIGHTS, first=len(NIGHTS)):
        if not (drive / shot.path).is_file():
            write(shot, drive)
            count += 1
    return count
