"""Tags: what an entry depends on, how a write says that it changed, and who heard of it here.

An entry remembers the stamp of its tags from before its query ran; once a tag was invalidated the
stamp is another, and the entry is never served again.
"""

import time
from array import array
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from functools import partial
from weakref import WeakSet

import msgspec

from backline.platform import signals
from backline.platform.cache.positions import Positions
from backline.platform.database import Write

TOPIC = "cache"
EVERYTHING = "*"
MAX_TAG_BYTES = 200
_SLOTS = 1 << 18
_HEARD = 100_000
# One statement for all that a transaction has to say: $2 are notices of others.
_SAY = """
WITH changed AS (
  INSERT INTO cache_invalidations (tag) SELECT unnest($1::text[]) RETURNING id, tag
), notices AS (
  SELECT unnest($2::text[]) AS notice
  UNION ALL
  SELECT 'cache ' || string_agg(id || ' ' || tag, E'\\n') FROM changed WHERE $3
), told AS (
  SELECT pg_notify('backline', notice) FROM notices WHERE octet_length(notice) <= $4
)
SELECT (SELECT array_agg(id) FROM changed) AS ids, (SELECT array_agg(tag) FROM changed) AS tags,
  (SELECT count(*) FROM told) AS told
"""


class Invalidation(msgspec.Struct, frozen=True):
    """A row of `cache_invalidations`."""

    id: int
    tag: str


class _Said(msgspec.Struct, frozen=True):
    """The rows that were made, and how many signals went out."""

    ids: list[int]
    tags: list[str]
    told: int


class Tags:
    """What this process knows of invalidations.

    Tags share a fixed table of counters, so memory is bounded; two that share a counter only
    invalidate each other's entries once in a while.
    """

    def __init__(self) -> None:
        self._counters = array("Q", bytes(8 * _SLOTS))
        self._emptied = 0
        self._heard: OrderedDict[int, None] = OrderedDict()
        self.positions: Positions | None = None
        _here.add(self)

    def keep_positions(self) -> Positions:
        """Note from now on what a replica needs; called before anything was heard."""
        self.positions = Positions(_SLOTS)
        return self.positions

    def slots(self, tags: Iterable[str]) -> tuple[int, ...]:
        """Where the counters of these tags are, for `stamp`."""
        return tuple(hash(tag) & (_SLOTS - 1) for tag in tags)

    def stamp(self, slots: Sequence[int]) -> int:
        """Another number as soon as one of the tags was invalidated, or everything emptied.

        Counters only grow, so their sum stays the same only if each of them does.
        """
        counters, total = self._counters, self._emptied
        for slot in slots:
            total += counters[slot]
        return total

    def hear(self, invalidation: Invalidation, at_s: float | None = None) -> None:
        """Take note of an invalidation; one that was heard before changes nothing.

        `at_s` (monotonic) is when it was visible in the primary, if not just now.
        """
        if invalidation.id in self._heard:
            return
        self._heard[invalidation.id] = None
        if len(self._heard) > _HEARD:
            self._heard.popitem(last=False)
        if invalidation.tag == EVERYTHING:
            self.empty(at_s)
            return
        slot = hash(invalidation.tag) & (_SLOTS - 1)
        self._counters[slot] += 1
        if self.positions is not None:
            self.positions.hear(slot, time.monotonic() if at_s is None else at_s)

    def empty(self, at_s: float | None = None) -> None:
        """Invalidate everything in this process."""
        self._emptied += 1
        if self.positions is not None:
            self.positions.empty(time.monotonic() if at_s is None else at_s)


_here: WeakSet[Tags] = WeakSet()


def invalidate(tx: Write, *tags: str) -> None:
    """Have every cache forget what depends on these tags once `tx` is committed.

    In this process that happens before `tx`'s block is left, in others by signal, and by their
    next look at the table if the signal is lost. The tag `*` means everything.
    """
    if not tx.tags:
        tx.before_commit(partial(_say, tx))
    tx.tags.update(dict.fromkeys(tags))


async def _say(tx: Write) -> None:
    tags, tx.tags = tx.tags, {}
    if not tags:  # a savepoint took them back
        return
    by_table = tx.publish is None
    notices, tx.notices = tx.notices, []
    row = await tx.fetch_one(_SAY, _Said, list(tags), notices, by_table, signals.MOST_BYTES)
    assert row is not None  # noqa: S101  # a query without FROM always gives one
    said = [Invalidation(*one) for one in zip(row.ids, row.tags, strict=True)]
    if not by_table:
        signals.send(tx, TOPIC, "\n".join(f"{one.id} {one.tag}" for one in said))
    tx.after_commit(partial(_tell_here, said))


def _tell_here(said: Sequence[Invalidation]) -> None:
    for tags in _here:
        for one in said:
            tags.hear(one)


def of_signal(text: str) -> list[Invalidation]:
    """The invalidations in a signal's text."""
    lines = (line.partition(" ") for line in text.split("\n"))
    return [Invalidation(int(number), tag) for number, _, tag in lines]
