"""Tables that a job makes grow: PostgreSQL looks at them anew as they do, not a minute later.

It guesses badly of a table that nobody has analyzed (one row in two hundred isn't deleted, it
believes), and it keeps plans that were made for a few rows. Autovacuum analyzes, but looks round
once a minute, and a scan has added ten thousand rows by then.
"""

import time
from typing import Final

from backline.platform.database.access import Database

_EACH_S: Final = 1.0
_FEW: Final = 500
_SHARE: Final = 0.5  # autovacuum's own is a tenth; what is finer than this may wait for it
# A partitioned table has no rows itself, and its partitions are known by their own.
_GROWN: Final = """
SELECT format('%I.%I', n.nspname, c.relname)
FROM unnest($1::text[]) AS one(name)
CROSS JOIN LATERAL (
  SELECT one.name::regclass::oid AS id
  UNION ALL SELECT inhrelid FROM pg_inherits WHERE inhparent = one.name::regclass
) t
JOIN pg_class c ON c.oid = t.id JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind = 'r'
  AND pg_stat_get_mod_since_analyze(c.oid) > $2 + greatest(c.reltuples, 0) * $3
ORDER BY 1
"""
# Whoever analyzes one of them at this moment does it for all. Names, which come quoted, can't be
# parameters.
_NAMES: Final = "SELECT set_config('backline.grown', $1, true)"
_ANALYZE: Final = """
DO $$ BEGIN
  EXECUTE 'ANALYZE (SKIP_LOCKED) ' || current_setting('backline.grown');
END $$
"""


class Growth:
    """The tables that a job adds to, looked at once a second at the most."""

    def __init__(self, database: Database, *tables: str) -> None:
        self._database, self._tables = database, tables
        self._looked_s = -_EACH_S

    async def look(self) -> None:
        """Have those analyzed that grew by half since they last were."""
        now_s = time.monotonic()
        if now_s - self._looked_s < _EACH_S:
            return
        self._looked_s = now_s
        # A replica doesn't know what changed since.
        async with self._database.reading() as read:
            grown = await read.fetch_values(_GROWN, list(self._tables), _FEW, _SHARE)
        if grown:
            async with self._database.write() as tx:
                await tx.fetch_value(_NAMES, ", ".join(grown))
                await tx.execute(_ANALYZE)
