"""What a node wants made in smaller sizes: shows of projects that chose so, while they are seen."""

from collections.abc import Mapping
from typing import Final
from uuid import UUID

from backline.live.models import Ladder
from backline.live.node.previews import Previews
from backline.live.node.session import Session
from backline.live.sql import ladders as sql
from backline.live.sql.ladders import Waiting
from backline.platform.database import Database

_WANTED_S: Final = 10.0
_Wanted = tuple[UUID, UUID, UUID]


class NodeLadders:
    """The ladders of a node's shows, as they were when it last looked."""

    def __init__(
        self,
        database: Database,
        node: str,
        sessions: Mapping[UUID, Session],
        previews: Previews,
    ) -> None:
        self._node = node
        self._database, self._sessions, self._previews = database, sessions, previews
        self._wanted: set[_Wanted] = set()
        self._standing: dict[UUID, Waiting] = {}

    async def look(self) -> None:
        """Want what is to be made for a while longer, and hear how it stands.

        Raises:
            Unavailable: the database is away.
        """
        wanted = {
            (one.taken.owner_id, key, one.taken.show_id)
            for key, one in self._sessions.items()
            if one.has_ladder and key in self._previews
        }
        gone = self._wanted - wanted
        if not (wanted or gone):
            return
        if gone:
            async with self._database.write() as tx:
                await sql.unwant(tx, self._node, list(gone))
        found: list[Waiting] = []
        if wanted:
            async with self._database.write() as tx:
                await sql.want(tx, self._node, list(wanted), for_s=_WANTED_S)
                found = await sql.standing(tx, [key for _, key, _ in wanted])
        self._wanted = wanted
        self._standing = {one.project_id: one for one in found}

    def told(self, project_id: UUID) -> Ladder | None:
        """How a show's ladder stands; None where there is none to be."""
        one = self._standing.get(project_id)
        if one is None:
            return None
        rungs = self._previews.rungs(project_id)
        if one.is_made:
            return Ladder("making", None, rungs)
        return Ladder("waiting", one.place, rungs)
