"""What an administrator wants to know of everybody's live shows together."""

import msgspec

from backline.platform.database import Read

_TOTALS = """
SELECT (SELECT count(*) FROM live_projects WHERE deleted_at IS NULL) AS live_projects,
  (SELECT count(*) FROM live_destinations WHERE deleted_at IS NULL) AS live_destinations,
  (SELECT count(*) FROM live_streams WHERE state = 'live' AND lease_until > now()) AS live_now
"""


class _Totals(msgspec.Struct, frozen=True):
    live_projects: int
    live_destinations: int
    live_now: int


async def count(read: Read) -> dict[str, int]:
    """The number of `live_projects`, of their destinations, and of shows that are on."""
    totals = await read.fetch_one(_TOTALS, _Totals)
    return msgspec.structs.asdict(totals) if totals is not None else {}
