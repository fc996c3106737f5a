"""What somebody may have so many of: who adds to it waits for who is adding, and counts it then."""

from typing import Final
from uuid import UUID

from backline.platform.database import Write

# By itself: a statement sees what was there when it began, not when it was let in.
_TAKE_TURNS: Final = """
SELECT pg_advisory_xact_lock(hashtext('backline.tasks.bounds'), hashtext($1))
"""


async def take_turns(tx: Write, user_id: UUID) -> None:
    """Until `tx` ends, have nobody else add to what this person has."""
    await tx.fetch_value(_TAKE_TURNS, user_id.hex)
