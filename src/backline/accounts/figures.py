"""What an administrator wants to know of all accounts together."""

import msgspec

from backline.platform.database import Read

_TOTALS = """
SELECT count(*) AS people, coalesce(sum(used_bytes), 0)::bigint AS stored_bytes
FROM users WHERE deleted_at IS NULL
"""


class _Totals(msgspec.Struct, frozen=True):
    people: int
    stored_bytes: int


async def count(read: Read) -> dict[str, int]:
    """`people`, and the `stored_bytes` that count towards their quotas."""
    totals = await read.fetch_one(_TOTALS, _Totals)
    return msgspec.structs.asdict(totals) if totals is not None else {}
