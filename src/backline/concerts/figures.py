"""What an administrator wants to know of everybody's concerts and photos together."""

from backline.platform.database import Read

_CONCERTS = "SELECT coalesce(sum(concerts), 0) FROM histories"
_PHOTOS = "SELECT count(*) FROM photos WHERE deleted_at IS NULL"


async def count(read: Read) -> dict[str, int]:
    """The numbers of `concerts` and `photos`."""
    return {
        "concerts": int(await read.fetch_value(_CONCERTS)),
        "photos": int(await read.fetch_value(_PHOTOS)),
    }
