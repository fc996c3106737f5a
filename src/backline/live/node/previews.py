"""The previews of a node: which shows are packaged, in how much room, and for how long.

A show is packaged from its beginning, so that whoever opens its room sees it at once, and for as
long as somebody looks. One that nobody has looked at for a while makes room for another.
"""

import asyncio
import contextlib
import time
from collections.abc import Mapping
from typing import Final
from uuid import UUID

import msgspec

from backline.live.node.session import Session
from backline.live.preview.asking import PIECE_TYPE, Found, Missing
from backline.live.preview.packager import Packager
from backline.live.preview.pieces import Made
from backline.live.preview.playlist import LADDER, PLAYLIST, PLAYLIST_TYPE, SEGMENT_TYPE, playlist
from backline.live.preview.rungs import Rungs

_UNSEEN_S: Final = 30.0
# Whoever asks before there is a segment waits so long for it.
_FIRST_S: Final = 8.0
# Whoever makes it smaller asks again when nothing has come for so long.
_NEXT_S: Final = 5.0
_FULL: Final = (
    "This server shows as many previews as it may at the moment. The show itself goes on; try "
    "again in a minute."
)
_GONE: Final = "This show isn't on here any more."
_NOT_KEPT: Final = "This part of the preview isn't kept any more."
_NOT_YET: Final = "No keyframe has come since the preview was asked for. It begins with the next."


class _Preview:
    """One show's packager, and when somebody last asked for anything of it."""

    def __init__(self, session: Session, room_bytes: int, now_s: float) -> None:
        self.session, self.seen_s = session, now_s
        self.came, self.another = asyncio.Event(), asyncio.Event()
        # Numbers grow from node to node, too: no segment is shorter than a second.
        first = int(time.time())
        self.packager = Packager(room_bytes, first, lambda: session.stream.size, self._came)
        self.rungs = Rungs(self.packager, room_bytes // 2)
        session.stream.watch(self.packager)

    def _came(self) -> None:
        self.came.set()
        self.another.set()
        self.another = asyncio.Event()


class Previews:
    """Packagers by project, `most` at a time in `room_bytes` together."""

    def __init__(self, sessions: Mapping[UUID, Session], most: int, room_bytes: int) -> None:
        self._sessions, self._most = sessions, most
        self._room_bytes = room_bytes // max(most, 1)
        self._previews: dict[UUID, _Preview] = {}

    def __len__(self) -> int:
        return len(self._previews)

    @property
    def size_bytes(self) -> int:
        """What all of them hold."""
        held = self._previews.values()
        return sum(one.packager.size_bytes + one.rungs.size_bytes for one in held)

    def __contains__(self, project_id: UUID) -> bool:
        """Whether a show is packaged at this moment."""
        return project_id in self._previews

    def rungs(self, project_id: UUID) -> list[str]:
        """The names of the sizes beside its own in which a show can be played now."""
        one = self._previews.get(project_id)
        return [] if one is None else one.rungs.names()

    def look(self) -> None:
        """Have each show packaged as long as there is room, and no other; called now and then."""
        now_s = self._now_s()
        for key, one in list(self._previews.items()):
            is_gone = self._sessions.get(key) is not one.session
            if is_gone or now_s - one.seen_s > _UNSEEN_S:
                self._end(key)

    def begin(self, session: Session) -> None:
        """Package a show from its beginning, if there is room for that."""
        key = session.taken.project_id
        there = self._previews.get(key)
        if there is not None and there.session is session:
            return
        if there is not None:
            self._end(key)
        if len(self._previews) < self._most:
            self._previews[key] = _Preview(session, self._room_bytes, self._now_s())

    async def file(self, project_id: UUID, show_id: UUID, name: str) -> Found | Missing:
        """A playlist, which begins the preview if that is needed, or what it names."""
        session = self._sessions.get(project_id)
        if session is None or session.taken.show_id != show_id:
            return Missing(_GONE, is_for_good=True)
        if name in {PLAYLIST, LADDER}:
            return await self._playlist(session, name)
        one = self._previews.get(project_id)
        if one is not None:
            one.seen_s = self._now_s()
            if name.endswith(".m3u8"):
                text = one.rungs.playlist(name.removesuffix(".m3u8"))
                if text is not None:
                    return Found(text, PLAYLIST_TYPE)
            packager = one.packager
            body = packager.openings.get(name) or next(
                (segment.body for segment in packager.segments if segment.name == name),
                one.rungs.file(name),
            )
            if body is not None:
                return Found(body, SEGMENT_TYPE)
        return Missing(_NOT_KEPT, is_for_good=True)

    async def following(self, project_id: UUID, show_id: UUID, after: int) -> Found | Missing:
        """What a worker makes smaller next, as soon as there is something."""
        one = self._of(project_id, show_id)
        if one is None:
            return Missing(_GONE, is_for_good=True)
        piece = one.rungs.following(after)
        if piece is None:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_NEXT_S):
                    await one.another.wait()
            piece = one.rungs.following(after)
        if piece is None:
            return Missing(one.packager.fault or _NOT_YET, is_for_good=False)
        return Found(msgspec.msgpack.encode(piece), PIECE_TYPE)

    def keep(self, project_id: UUID, show_id: UUID, made: Made) -> Found | Missing:
        """Take what a worker made of a segment."""
        one = self._of(project_id, show_id)
        if one is None:
            return Missing(_GONE, is_for_good=True)
        one.rungs.keep(made)
        return Found(b"kept", PIECE_TYPE)

    def _of(self, project_id: UUID, show_id: UUID) -> _Preview | None:
        """A show's preview, if there is one just now."""
        one = self._previews.get(project_id)
        return one if one is not None and one.session.taken.show_id == show_id else None

    async def _playlist(self, session: Session, name: str) -> Found | Missing:
        one = self._wanted(session)
        if one is None:
            return Missing(_FULL, is_for_good=False)
        one.seen_s = self._now_s()
        if not one.packager.segments:
            try:
                async with asyncio.timeout(_FIRST_S):
                    await one.came.wait()
            except TimeoutError:
                return Missing(one.packager.fault or _NOT_YET, is_for_good=False)
        if not one.packager.segments:
            return Missing(one.packager.fault or _NOT_YET, is_for_good=False)
        if name == LADDER:
            text = one.rungs.multivariant(session.stream.figures().video_fps)
        else:
            text = playlist(one.packager)
        return Found(text, PLAYLIST_TYPE)

    def _wanted(self, session: Session) -> _Preview | None:
        """A show's preview, in the place of one that nobody looks at if there is no other."""
        key = session.taken.project_id
        self.look()
        if key not in self._previews and len(self._previews) >= self._most:
            unseen = [
                (one.seen_s, other)
                for other, one in self._previews.items()
                if self._now_s() - one.seen_s > _UNSEEN_S / 3
            ]
            if unseen:
                self._end(min(unseen)[1])
        self.begin(session)
        return self._previews.get(key)

    def _end(self, key: UUID) -> None:
        self._previews.pop(key).session.stream.watch(None)

    @staticmethod
    def _now_s() -> float:
        return asyncio.get_running_loop().time()
