"""What an administrator wants to know of everybody's notices together."""

from backline.platform.database import Read

_NOTICES = "SELECT count(*) FROM notices WHERE deleted_at IS NULL"


async def count(read: Read) -> dict[str, int]:
    """The number of `notices`."""
    return {"notices": int(await read.fetch_value(_NOTICES))}
