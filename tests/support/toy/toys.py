"""Toys: who has which; and the job that shines them."""

from uuid import UUID

import msgspec

from backline.platform.actor import Actor
from backline.platform.cache.tags import invalidate
from backline.platform.database import Read, Write
from backline.platform.errors import Conflict
from backline.platform.ids import uuid7
from backline.platform.jobs import enqueue
from backline.platform.media import Given

SHINE = "toy.shine"
_NAMES = "SELECT name FROM toys WHERE owner_id = $1 ORDER BY name"
_INSERT = "INSERT INTO toys (id, owner_id, name) VALUES ($1, $2, $3)"
_SHINE = "UPDATE toys SET name = $2 || name WHERE id = $1"
_COUNT = "SELECT count(*) FROM toys"


class ToyJob(msgspec.Struct, frozen=True):
    """The toy that a job is about."""

    toy_id: UUID


async def sing(prefix: str, name: str) -> Given | None:
    """What a toy sings: it is kept for a minute, or for ever where it is old."""
    if name not in ("new.mp4", "old.mp4"):
        return None
    return Given(prefix.encode(), "audio/mp4", 60 if name == "new.mp4" else None)


async def names(read: Read, actor: Actor) -> list[str]:
    """What one's own toys are called."""
    return await read.fetch_values(_NAMES, actor.user_id)


async def add(tx: Write, actor: Actor, name: str, limit: int) -> UUID:
    """Add a toy, and have it shone."""
    if len(await names(tx, actor)) >= limit:
        raise Conflict("You have enough toys.")
    toy_id = uuid7()
    await tx.execute(_INSERT, toy_id, actor.user_id, name)
    invalidate(tx, f"toys:{actor.user_id.hex}")
    await enqueue(tx, SHINE, ToyJob(toy_id))
    return toy_id


async def shine(tx: Write, toy_id: UUID, prefix: str) -> None:
    """Make it shine."""
    await tx.execute(_SHINE, toy_id, prefix)


async def count(read: Read) -> dict[str, int]:
    """The number of `toys`."""
    return {"toys": int(await read.fetch_value(_COUNT))}
