"""A node: lets encoders in by the rows, relays as the rows want it, tells how it goes.

What is wanted is looked at whenever a signal says that it changed, and every two seconds. Streams
are held by leases, renewed once a second; an epoch that grew tells that another node has one now.
While the database is away shows go on, and nobody new is let in.
"""

import asyncio
import secrets
import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final, Literal
from uuid import UUID

import msgspec
import structlog

from backline import accounts
from backline.live import changes, publishing
from backline.live.keys import LiveKeys
from backline.live.models import Ended, LiveProjectChanged, Report
from backline.live.node.ladders import NodeLadders
from backline.live.node.previews import Previews
from backline.live.node.sampling import Sampling
from backline.live.node.session import Session
from backline.live.publishing import LEASE_S, Taken, TurnedAway
from backline.live.relay import Accepted, Change, Publish, Refused, Relay, Stream
from backline.live.services import APP
from backline.live.sql import destinations as destinations_sql
from backline.live.sql import projects as projects_sql
from backline.live.sql import shows as shows_sql
from backline.live.sql import streams as streams_sql
from backline.live.sql.destinations import Wanted
from backline.live.sql.projects import Standing
from backline.platform import events
from backline.platform.database import Database
from backline.platform.database.signals import Signals
from backline.platform.errors import BacklineError

_log = structlog.get_logger()
_LOOK_S: Final = 2.0
_TELL_S: Final = 1.0
_SEEN_EVERY_S: Final = 5.0
State = Literal["ready", "draining", "faulty"]
# What an encoder is told when its show ends, as far as it is still there to be told.
_WORDS: Final[dict[Ended, str]] = {
    "encoder": "The encoder has gone.",
    "stopped": "The show was stopped in the control room.",
    "key": "The stream key was renewed. Copy the new one from the project's control room.",
    "deleted": "The project was deleted.",
    "account": "The account that this stream key belongs to is closed.",
    "server": "The server is restarting. Connect again.",
    "lost": "Another server has this show now.",
}


class Node:
    """All shows of this process. `state` and `fault` are what it says of itself.

    `previews` are how many there may be at a time, and in how many bytes; `previews_at` is where
    others ask for them. `sampling` notes how shows are doing, for their graphs.
    """

    def __init__(
        self,
        database: Database,
        signals: Signals,
        keys: LiveKeys,
        relay: Relay,
        *,
        previews: tuple[int, int] = (0, 0),
    ) -> None:
        self._database, self._keys, self._relay = database, keys, relay
        self.name = f"{socket.gethostname()[:60]}-{secrets.token_hex(4)}"
        self.sessions: dict[UUID, Session] = {}
        self.previews = Previews(self.sessions, *previews)
        self.ladders = NodeLadders(database, self.name, self.sessions, self.previews)
        self.sampling = Sampling(database, self.name, self.sessions)
        self.previews_at: str | None = None
        self.state: State = "ready"
        self.fault: str | None = None
        self._look, self._tell = asyncio.Event(), asyncio.Event()
        self._ending: set[asyncio.Task[None]] = set()
        self._seen_s = 0.0
        signals.on(changes.SIGNAL, self._heard)
        signals.on_lost(self._look.set)

    def _heard(self, project_id: str) -> None:
        if any(one.hex == project_id for one in self.sessions):
            self._look.set()
            self._tell.set()

    async def authorise(self, asked: Publish) -> Accepted | Refused:
        """Let an encoder in whose key opens something, and have its destinations ready."""
        if asked.app != APP:
            return Refused(f"There is no application “{asked.app[:40]}” here, only “{APP}”.")
        async with self._database.write() as tx:
            taken = await publishing.take(tx, self._keys, self.name, asked.stream_key)
        if isinstance(taken, TurnedAway):
            return Refused(taken.reason)
        async with self._database.read() as read:
            wanted = await destinations_sql.wanted(read, [(taken.owner_id, taken.project_id)])
        _log.info("show_taken", project=taken.project_id.hex, epoch=taken.epoch)
        session = self._session(taken)
        session.want(self._keys, wanted)
        return Accepted(session.stream)

    def _session(self, taken: Taken) -> Session:
        """The show's session, which goes on where this node has it already."""
        session = self.sessions.get(taken.project_id)
        if session is None:
            stream = self._relay.stream(taken.project_id.hex)
            session = self.sessions[taken.project_id] = Session(taken, stream, self._changed)
        session.taken, session.hold_s = taken, taken.hold_s
        self.previews.begin(session)
        return session

    def gone(self, stream: Stream, reason: str) -> None:
        """An encoder has gone: its destinations wait for it for a while."""
        _log.info("encoder_gone", project=stream.id, reason=reason)
        self._look.set()
        self._tell.set()

    def _changed(self, change: Change) -> None:
        _log.info(
            "destination_changed",
            project=change.stream_id,
            destination=change.destination_id,
            state=change.state,
            reason=change.reason,
        )
        self._tell.set()

    async def keep_looking(self) -> None:
        """Make what is relayed what the rows want, until cancelled."""
        while True:
            await _within(self._look, _LOOK_S)
            self._look.clear()
            self.previews.look()
            try:
                await self._reconcile()
                await self.ladders.look()
            except BacklineError as fault:
                _log.warning("wanted_unknown", reason=fault.detail)
            except Exception:  # noqa: BLE001  # shows must still be ended by the next look
                _log.exception("wanted_look_failed")

    async def _reconcile(self) -> None:
        held = {key: one.taken for key, one in self.sessions.items()}
        if held:
            of = [(one.owner_id, key) for key, one in held.items()]
            async with self._database.read() as read:
                standings = await projects_sql.standings(read, of)
                wanted = await destinations_sql.wanted(read, of)
                active = await accounts.active(read, {owner for owner, _ in of})
            found = {one.id: one for one in standings}
            for key, taken in held.items():
                session = self.sessions.get(key)
                # Taken anew while this was read: it is older than what let the encoder in.
                if session is not None and session.taken == taken:
                    self._adapt(session, found.get(key), wanted, is_active=taken.owner_id in active)
        for session in list(self.sessions.values()):
            if session.watch(datetime.now(UTC)):
                self._end(session, "encoder")

    def _adapt(
        self,
        session: Session,
        standing: Standing | None,
        wanted: Sequence[Wanted],
        *,
        is_active: bool,
    ) -> None:
        why: Ended | None = None
        if standing is None or standing.is_deleted:
            why = "deleted"
        elif standing.is_closed:
            why = "stopped"
        elif standing.key_version > session.taken.key_version:
            why = "key"
        elif not is_active:
            why = "account"
        else:
            session.hold_s, session.has_ladder = standing.hold_s, standing.ladder
            theirs = [one for one in wanted if one.project_id == session.taken.project_id]
            session.want(self._keys, theirs)
        if why is not None:
            self._end(session, why)

    async def keep_telling(self) -> None:
        """Hold what this node has, and tell how it goes, until cancelled."""
        held_s = 0.0
        while True:
            now_s = asyncio.get_running_loop().time()
            await _within(self._tell, max(held_s + _TELL_S - now_s, 0.05))
            self._tell.clear()
            reports = {
                key: one.report(self.ladders.told(key)) for key, one in self.sessions.items()
            }
            now_s = asyncio.get_running_loop().time()
            try:
                if now_s - held_s >= _TELL_S:
                    held_s = now_s
                    self.sampling.note(reports)
                    await self._hold(reports)
                await self._pass_on(reports)
            except (BacklineError, ValueError) as fault:
                _log.warning("shows_untold", reason=str(fault))

    async def _hold(self, reports: dict[UUID, Report]) -> None:
        held = {key: self.sessions[key].taken for key in reports if key in self.sessions}
        rows = [
            (one.owner_id, key, one.epoch, msgspec.json.encode(reports[key]).decode())
            for key, one in held.items()
        ]
        now_s = asyncio.get_running_loop().time()
        is_due = now_s - self._seen_s > _SEEN_EVERY_S
        if not (rows or is_due):
            return
        async with self._database.write() as tx:
            if is_due:
                said = (self.name, self.state, self.fault, self.previews_at)
                await shows_sql.node_seen(tx, *said)
            still = await streams_sql.renew(tx, self.name, rows, lease_s=LEASE_S)
        if is_due:
            self._seen_s = now_s
        for key, taken in held.items():
            session = self.sessions.get(key)
            if key not in still and session is not None and session.taken == taken:
                self._end(session, "lost")

    async def _pass_on(self, reports: dict[UUID, Report]) -> None:
        for key, report in reports.items():
            session = self.sessions.get(key)
            if session is None:
                continue
            owner_id, told = session.taken.owner_id, session.status(report)
            try:
                await events.pass_on(self._database, owner_id, changes.TOPIC, "live-status", told)
            except ValueError:  # too long for a signal: whoever looks asks for it
                said = LiveProjectChanged(key)
                await events.pass_on(self._database, owner_id, changes.TOPIC, "live-project", said)

    def say(self, state: State, fault: str | None) -> None:
        """Have everybody know at once how this node is."""
        self.state, self.fault, self._seen_s = state, fault, 0.0
        self._tell.set()

    def _end(self, session: Session, why: Ended) -> None:
        """End a show; what waits for its destinations is still sent, beside everything else."""
        self.sessions.pop(session.taken.project_id, None)
        task = asyncio.get_running_loop().create_task(self._ended(session, why))
        self._ending.add(task)
        task.add_done_callback(self._ending.discard)

    async def _ended(self, session: Session, why: Ended) -> None:
        taken = session.taken
        _log.info("show_ended", project=taken.project_id.hex, epoch=taken.epoch, why=why)
        ending = asyncio.get_running_loop().create_task(session.stream.end(_WORDS[why]))
        try:
            if why != "lost":
                async with self._database.write() as tx:
                    await publishing.end(tx, taken, why)
        except BacklineError as fault:  # its lease runs out, and a job ends it
            _log.warning("show_end_untold", project=taken.project_id.hex, reason=fault.detail)
        await ending

    async def close(self) -> None:
        """End all shows, and say that this node is gone."""
        for session in list(self.sessions.values()):
            self._end(session, "server")
        while self._ending:
            await asyncio.wait(list(self._ending))
        try:
            async with self._database.write() as tx:
                await shows_sql.node_gone(tx, self.name)
        except BacklineError as fault:
            _log.warning("node_end_untold", reason=fault.detail)


async def _within(event: asyncio.Event, limit_s: float) -> None:
    """Wait for an event, but no longer than that."""
    try:
        async with asyncio.timeout(limit_s):
            await event.wait()
    except TimeoutError:
        pass
