"""Figures of a node, made when they are asked for: of what is gone nothing stays behind.

A scrape comes on a thread of its own. What it asks for changes under the event loop's hands, so the
loop says it, between two of its turns.
"""

import asyncio
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Final, NamedTuple
from uuid import UUID

import structlog
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from backline.live.node.node import Node
from backline.live.node.session import Session
from backline.live.relay import DestinationFigures

_log = structlog.get_logger()
_WITHIN_S: Final = 5.0


class Family(NamedTuple):
    """A metric: its name, what it is, what its series are told apart by."""

    name: str
    about: str
    labels: tuple[str, ...]

    def empty(self) -> GaugeMetricFamily:
        """Without any series yet."""
        return GaugeMetricFamily(self.name, self.about, labels=self.labels)


_OF_DESTINATION: Final = ("project", "destination", "preset")
SHOWS: Final = Family("backline_live_shows", "Shows that are on", ("state",))
DESTINATIONS: Final = Family(
    "backline_live_destinations", "Destinations of shows that are on", ("state",)
)
INCOMING: Final = Family(
    "backline_live_incoming_bits_per_second", "What an encoder sends", ("project",)
)
LADDERS: Final = Family(
    "backline_live_ladders", "Shows whose preview is to be made in smaller sizes", ("state",)
)
RATES, LAGS, DROPS, RECONNECTS = (
    Family(f"backline_live_destination_{name}", about, _OF_DESTINATION)
    for name, about in (
        ("bits_per_second", "What a destination is sent"),
        ("lag_seconds", "How much of the show waits to be sent"),
        ("dropped_frames", "Video frames that a destination lost in this show"),
        ("reconnects", "Connections after the first in this show"),
    )
)
FAMILIES: Final = (SHOWS, DESTINATIONS, LADDERS, INCOMING, RATES, LAGS, DROPS, RECONNECTS)


class Collected(NamedTuple):
    """One show at a moment."""

    project: str
    is_publishing: bool
    bitrate_kbps: int
    presets: dict[str, str]
    destinations: list[DestinationFigures]
    ladder: str | None


class LiveCollector(Collector):
    """What a scrape of a node's process gets, besides what every process tells.

    It is made in the node's event loop.
    """

    def __init__(self, node: Node) -> None:
        self._node = node
        self._loop = asyncio.get_running_loop()

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: a process may have several nodes, one after the other."""
        return []

    def collect(self) -> Iterable[Metric]:
        """All of it, as it is at this moment; nothing where the loop doesn't come to say it."""
        told = self._told()
        if told is None:
            return []
        found = {family: family.empty() for family in FAMILIES}
        by_show: Counter[str] = Counter({"live": 0, "held": 0})
        by_ladder: Counter[str] = Counter({"waiting": 0, "making": 0})
        by_state: Counter[str] = Counter()
        for show in told:
            if show.ladder is not None:
                by_ladder[show.ladder] += 1
            by_show["live" if show.is_publishing else "held"] += 1
            found[INCOMING].add_metric([show.project], show.bitrate_kbps * 1000)
            for one in show.destinations:
                by_state[one.state] += 1
                named = [show.project, one.id, show.presets.get(one.id, "")]
                found[RATES].add_metric(named, one.bitrate_kbps * 1000)
                found[LAGS].add_metric(named, one.lag_ms / 1000)
                found[DROPS].add_metric(named, one.dropped_frames)
                found[RECONNECTS].add_metric(named, one.reconnects)
        counts = ((SHOWS, by_show), (DESTINATIONS, by_state), (LADDERS, by_ladder))
        for family, counted in counts:
            for state, count in counted.items():
                found[family].add_metric([state], count)
        return list(found.values())

    def _told(self) -> list[Collected] | None:
        answer: Future[list[Collected]] = Future()
        try:
            self._loop.call_soon_threadsafe(self._say, answer)
        except RuntimeError:  # it is closed: there are no shows any more
            return None
        try:
            return answer.result(_WITHIN_S)
        except TimeoutError:
            _log.warning("live_figures_missing", within_s=_WITHIN_S)
            return None

    def _say(self, answer: "Future[list[Collected]]") -> None:
        try:
            node = self._node
            answer.set_result([_collected(node, *one) for one in node.sessions.items()])
        except Exception as fault:  # noqa: BLE001  # it is the thread's that asked
            answer.set_exception(fault)


def _collected(node: Node, project_id: UUID, session: Session) -> Collected:
    stream = session.stream
    ladder = node.ladders.told(project_id)
    return Collected(
        project_id.hex,
        stream.is_publishing,
        stream.figures().bitrate_kbps,
        session.presets,
        stream.destinations(),
        None if ladder is None else ladder.state,
    )
