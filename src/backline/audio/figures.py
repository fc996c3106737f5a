"""What an administrator wants to know of all libraries together."""

from backline.platform.database import Read

_TRACKS = "SELECT count(*) FROM tracks WHERE deleted_at IS NULL"


async def count(read: Read) -> dict[str, int]:
    """The number of `tracks`."""
    return {"tracks": int(await read.fetch_value(_TRACKS))}
