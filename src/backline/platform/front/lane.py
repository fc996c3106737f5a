"""The short way of a hit: from the socket to the kept bytes, past parser, layers and tasks.

A request's head that comes a second time, byte for byte and from the same address, means what it
meant the first time, when it went the whole way through parser, edge, limits and cache: whom it
names, what it asks for, which limits count it, what it takes for an answer. Only that is
remembered here. What may have changed since is asked again each time: whether the token still
counts, whether the answer still holds, whether a limit is reached. Whatever isn't as it was goes
the whole way again, where it is refused, made or explained.
"""

import time
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec

from backline.platform.actor import KnownActor
from backline.platform.front.caching import HIT, EncodedCache
from backline.platform.front.edge import Edge, fixed_headers, logged
from backline.platform.front.limiting import figures_of
from backline.platform.http.access_log import Line
from backline.platform.http.asgi import Asked, Exchange, Receive, Scope, Send, exchange_of
from backline.platform.http.conditions import matches
from backline.platform.http.headers import date_header, lines_of
from backline.platform.http.record import record
from backline.platform.ids import uuid7_hex
from backline.platform.limits.limiter import Limiter
from backline.platform.limits.policies import Policy
from backline.platform.remembered import Remembered

_LONGEST_BYTES = 4 << 10
_REMEMBERED = 8_192
_OK, _NOT_MODIFIED = b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 304 Not Modified\r\n"
_HIT = lines_of([HIT])


class _Meaning(msgspec.Struct, frozen=True):
    """What one head means, as the layers found it out; `lines` are headers of all its answers."""

    address: str
    path: str
    asked: Asked
    policies: Sequence[Policy]
    subjects: Sequence[str]
    lines: bytes


class Lane:
    """Lies around the edge, learns from requests that come through, and answers them next time."""

    def __init__(
        self, edge: Edge, cache: EncodedCache, limiter: Limiter, known: KnownActor
    ) -> None:
        self._edge, self._cache, self._limiter, self._known = edge, cache, limiter, known
        # By the head and the peer that it came from.
        self._heads: Remembered[tuple[bytes, str], _Meaning] = Remembered(_REMEMBERED)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request the whole way, and remember what its head means."""
        await self._edge(scope, receive, send)
        exchange = exchange_of(scope)
        if exchange.head is not None and exchange.asked is not None:
            self._learn(exchange.head, exchange.asked, exchange, scope)

    def _learn(self, head: bytes, asked: Asked, exchange: Exchange, scope: Scope) -> None:
        client = scope["client"]
        # Who was gone before the connection was taken in has no address.
        if len(head) > _LONGEST_BYTES or client is None:
            return
        meaning = _Meaning(
            exchange.address,
            logged(scope["path"]),
            asked,
            exchange.policies,
            exchange.subjects,
            lines_of(fixed_headers(self._edge, scope)),
        )
        self._heads.keep((head, client[0]), meaning)

    def answer(self, head: bytes, peer: str) -> bytes | None:
        """What to send to `peer` for a head that came whole; None: it has to go the whole way.

        What isn't answered here wasn't counted either.
        """
        began_s = time.perf_counter()
        meaning = self._heads.get((head, peer))
        if meaning is None:
            return None
        asked = meaning.asked
        if self._known(asked.token) is not asked.actor:
            return None
        entry = self._cache.kept(asked.key)
        if entry is None:
            return None
        if asked.if_none_match is not None and matches(asked.if_none_match, entry.etag):
            status, begin, lines, body = 304, _NOT_MODIFIED, lines_of(entry.not_modified), b""
        elif (variant := entry.variant(asked.encoding)) is not None:
            status, begin, lines, body = 200, _OK, variant.lines, variant.body
        else:
            return None
        standings = self._limiter.take_here(meaning.policies, meaning.subjects)
        if standings is None:
            return None
        entry.hits.inc()
        request_id = uuid7_hex()
        further = lines_of(
            (*date_header(), *figures_of(standings), (b"x-request-id", request_id.encode()))
        )
        said = b"".join((begin, lines, _HIT, further, meaning.lines, b"\r\n", body))
        took_s = time.perf_counter() - began_s
        line = Line(
            datetime.now(UTC),
            "GET",
            meaning.path,
            status,
            round(took_s * 1000, 1),
            len(body),
            meaning.address,
            asked.actor.user_id.hex,
            request_id,
            None,
        )
        record(self._edge.access_log, entry.template, took_s, line)
        return said
