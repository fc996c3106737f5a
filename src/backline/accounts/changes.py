"""That sessions and API tokens have changed: heard here before the answer, elsewhere by signal.

Whoever ends one is answered after its end is known in this process: a request that comes after
the answer can't be let in by what was remembered. Others hear of it within a second.
"""

from collections.abc import Sequence
from functools import partial
from typing import Protocol
from uuid import UUID
from weakref import WeakSet

from backline.platform.database import Write, signals

SIGNAL = "session"


class Listener(Protocol):
    """Somebody in this process who remembers sessions and tokens."""

    def changed(self, key_id: UUID) -> None:
        """The session or token with this id has ended, or is another than it was."""
        ...


_here: WeakSet[Listener] = WeakSet()


def listen(listener: Listener) -> None:
    """Tell `listener` of every change that this process makes, once it is committed."""
    _here.add(listener)


def ignore(listener: Listener) -> None:
    """Tell it no more."""
    _here.discard(listener)


def tell(tx: Write, *key_ids: UUID) -> None:
    """Have everybody look at these sessions and tokens again once `tx` is committed.

    In this process that happens before `tx`'s block is left.
    """
    for key_id in key_ids:
        signals.send(tx, SIGNAL, key_id.hex)
    tx.after_commit(partial(_tell_here, key_ids))


def _tell_here(key_ids: Sequence[UUID]) -> None:
    for listener in list(_here):
        for key_id in key_ids:
            listener.changed(key_id)
