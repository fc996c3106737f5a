"""Tags: what an entry depends on, how a write says that it changed, and who heard of it here.

Invalidations are numbered here as they are heard. An entry remembers the number from before its
query ran, and holds as long as none of its tags was invalidated by a later one: so what it depends
on may be said once its answer is made.
"""

import time
from array import array
from collections.abc import Iterable, Sequence
from functools import partial
from weakref import WeakSet

import msgspec

from backline.platform.cache.positions import Positions
from backline.platform.database import Write, signals
from backline.platform.remembered import Remembered

TOPIC = "cache"
EVERYTHING = "*"
MAX_TAG_BYTES = 200
_SLOTS = 1 << 18
_HEARD = 100_000
# One statement for all that a transaction has to say: $2 are notices of others. Caches are told
# first, so that whoever asks anew because of the others finds nothing old.
_SAY = """
WITH changed AS (
  INSERT INTO cache_invalidations (tag) SELECT unnest($1::text[]) RETURNING id, tag
), notices AS (
  SELECT 'cache ' || string_agg(id || ' ' || tag, E'\\n') AS notice FROM changed WHERE $3
  UNION ALL
  SELECT unnest($2::text[])
), told AS (
  SELECT pg_notify('backline', notice) FROM notices WHERE octet_length(notice) <= $4
)
SELECT (SELECT array_agg(id) FROM changed) AS ids, (SELECT array_agg(tag) FROM changed) AS tags,
  (SELECT count(*) FROM told) AS told
"""


def memberships_tag(user: str) -> str:
    """What everything depends on that somebody (their id in hex) sees as a member."""
    return f"memberships:{user}"


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

    Tags share a fixed table of slots, so memory is bounded; two that share a slot only
    invalidate each other's entries once in a while. `number` is that of what was heard last.
    """

    def __init__(self) -> None:
        self._last = array("Q", bytes(8 * _SLOTS))
        self.number = self._emptied = 0
        self._heard: Remembered[int, bool] = Remembered(_HEARD)
        self.positions: Positions | None = None
        _here.add(self)

    def keep_positions(self) -> Positions:
        """Note from now on what a replica needs; called before anything was heard."""
        self.positions = Positions(_SLOTS)
        return self.positions

    def slots(self, tags: Iterable[str]) -> tuple[int, ...]:
        """Where the numbers of these tags are, for `hold`."""
        return tuple(hash(tag) & (_SLOTS - 1) for tag in tags)

    def hold(self, slots: Sequence[int], since: int) -> bool:
        """Whether nothing of this was invalidated after `since`, which `number` was then."""
        if self._emptied > since:
            return False
        last = self._last
        for slot in slots:  # noqa: SIM110  # a generator would cost every hit a third of this
            if last[slot] > since:
                return False
        return True

    def hear(self, invalidation: Invalidation, at_s: float | None = None) -> None:
        """Take note of an invalidation; one that was heard before changes nothing.

        `at_s` (monotonic) is when it was visible in the primary, if not just now.
        """
        if self._heard.get(invalidation.id):
            return
        self._heard.keep(invalidation.id, True)
        if invalidation.tag == EVERYTHING:
            self.empty(at_s)
            return
        slot = hash(invalidation.tag) & (_SLOTS - 1)
        self.number += 1
        self._last[slot] = self.number
        if self.positions is not None:
            self.positions.hear(slot, time.monotonic() if at_s is None else at_s)

    def empty(self, at_s: float | None = None) -> None:
        """Invalidate everything in this process."""
        self.number += 1
        self._emptied = self.number
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
        signals.send(tx, TOPIC, "\n".join(f"{one.id} {one.tag}" for one in said), first=True)
    tx.after_commit(partial(_tell_here, said), first=True)


def _tell_here(said: Sequence[Invalidation]) -> None:
    for tags in _here:
        for one in said:
            tags.hear(one)


def of_signal(text: str) -> list[Invalidation]:
    """The invalidations in a signal's text."""
    lines = (line.partition(" ") for line in text.split("\n"))
    return [Invalidation(int(number), tag) for number, _, tag in lines]
