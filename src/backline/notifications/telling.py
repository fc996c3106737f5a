"""Telling people: the one function by which any domain notifies somebody."""

from typing import Final

from backline import accounts
from backline.notifications import sql
from backline.notifications.models import KEPT, Notice, NoticeChanged, NoticeJob, OwnerJob
from backline.platform import events
from backline.platform.cache import invalidate
from backline.platform.database import Write
from backline.platform.jobs import enqueue, enqueue_many

TOPIC: Final = "notifications"
MAIL: Final = "notifications.mail"
PRUNE: Final = "notifications.prune"
# Pruned only now and then: a person may have so many before it is done.
_MUCH: Final = KEPT + 100


async def notify(tx: Write, *notices: Notice) -> int:
    """Tell people once `tx` is committed; how many notices that made.

    None is made for whoever doesn't want to be told of this kind, was told for the same reason
    already, did it themselves, or has no account any more. One call for all that a change has to
    tell costs as many statements as a call for one.
    """
    meant = [one for one in notices if one.actor_id != one.to]
    if not meant:
        return 0
    there = await accounts.living(tx, [one.to for one in meant])
    # In one order, so that two who tell the same don't wait for each other.
    meant = sorted((one for one in meant if one.to in there), key=lambda one: (one.to, one.reason))
    told = await sql.insert(tx, meant, _MUCH) if meant else []
    for one in told:
        if one.is_shown:
            invalidate(tx, tag(one.owner_id.hex))
            await events.publish(tx, one.owner_id, TOPIC, "notice", NoticeChanged(one.id, "new"))
    if letters := [NoticeJob(one.owner_id, one.id) for one in told if one.is_mailed]:
        await enqueue_many(tx, MAIL, letters)
    for owner_id in sorted({one.owner_id for one in told if one.is_much}):
        await enqueue(tx, PRUNE, OwnerJob(owner_id), unique_key=owner_id.hex)
    return len(told)


def tag(user: str) -> str:
    """What cached answers depend on that show somebody's notices; their id is in hex."""
    return f"notifications:{user}"
