"""What is due soon: whoever is to do it is told a day before, once for each time that it is due at.

Whoever gives a task a time that is less than a day away knows of it.
"""

from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

from backline.platform.database import Database
from backline.tasks import access, notices
from backline.tasks.sql import due as sql
from backline.tasks.sql.due import Told

SOON: Final = timedelta(days=1)
_BATCH: Final = 200
_LAST: Final = UUID(int=(1 << 128) - 1)


async def tell(database: Database) -> int:
    """Tell people, in several transactions, of what has come to be a day away; of how many tasks.

    How far it is goes with what is told into one transaction, so that a worker that is killed
    tells nobody twice and leaves nobody out.
    """
    total = 0
    while True:
        until = datetime.now(UTC) + SOON
        async with database.write() as tx:
            after = await sql.told(tx, Told(until, _LAST))
            rows = await sql.due(tx, after, until, _BATCH)
            await notices.tell_due(tx, await access.without_put_away(tx, rows))
            last = rows[-1] if len(rows) == _BATCH else None
            told = Told(last.due_at, last.id) if last else Told(max(until, after.due_at), _LAST)
            await sql.move(tx, told)
        total += len(rows)
        if last is None:
            return total
