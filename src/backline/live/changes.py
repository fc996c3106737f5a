"""Telling what became of a project: caches, open pages, and the node that may be relaying it."""

from typing import Final
from uuid import UUID

from backline.live.models import LiveProjectChanged
from backline.platform import events
from backline.platform.cache import invalidate
from backline.platform.database import Write, signals

TOPIC: Final = "live"
# Nodes look at what is wanted when they hear it, and every two seconds anyway.
SIGNAL: Final = "live"


async def tell(tx: Write, owner_id: UUID, project_id: UUID) -> None:
    """Have everybody look again at a project, its destinations and its show."""
    invalidate(tx, f"live-projects:{owner_id.hex}", f"live-project:{project_id.hex}")
    await events.publish(tx, owner_id, TOPIC, "live-project", LiveProjectChanged(project_id))
    signals.send(tx, SIGNAL, project_id.hex)
