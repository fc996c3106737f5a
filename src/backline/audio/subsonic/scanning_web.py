"""Scans of the caller's folders: `startScan`, `getScanStatus`."""

from typing import Final

import msgspec

from backline.audio.folders import scans
from backline.audio.subsonic.asking import Asked, Call
from backline.audio.subsonic.rendering import Answer


class ScanStatus(msgspec.Struct, frozen=True):
    """Whether folders are scanned; `count` files were looked at so far, or in the last scans."""

    scanning: bool
    count: int


async def start_scan(asked: Asked) -> Answer:
    """Scan all of the caller's folders, but those that are scanned already."""
    await scans.start_all(asked.platform.database, asked.actor, asked.playing.folders)
    return await get_scan_status(asked)


async def get_scan_status(asked: Asked) -> Answer:
    """How far the scans of the caller's folders are."""
    async with asked.platform.database.read() as read:
        found = await scans.under_way(read, asked.actor)
    return Answer("scanStatus", ScanStatus(found.is_running, found.files))


CALLS: Final = {
    "startScan": Call(start_scan, "audio:write"),
    "getScanStatus": Call(get_scan_status),
}
