"""The ASGI layer that answers cacheable GETs from bytes, without the framework and without JSON.

Whose answer it is stands in the key: everything that the `Actor` says but the session. The token
is checked on every hit as on every miss. What an answer depends on is noted before its query
runs, so that an answer which raced a change is never given to anyone who came after the change.
"""

import asyncio
import random
import time
from collections.abc import Mapping, Sequence
from functools import cache
from operator import attrgetter

from prometheus_client import Counter

from backline.platform.actor import Actor
from backline.platform.cache.declared import Cached, Match, Plan
from backline.platform.cache.entries import Entry, Key, Store
from backline.platform.cache.flights import Flight, Flights
from backline.platform.cache.tags import Tags, memberships_tag
from backline.platform.cache.watch import Watch
from backline.platform.front.watermark import COOKIE, HEADER, YOUNG_S, WatermarkSigner
from backline.platform.http.asgi import App, Asked, Exchange, Receive, Scope, Send, exchange_of
from backline.platform.http.capture import Capture
from backline.platform.http.compression import negotiate
from backline.platform.http.conditions import matches
from backline.platform.http.depends import MOST_TAGS
from backline.platform.media.signing import Lives

_HITS = Counter("backline_cache_hits_total", "Answers from the cache", ["kind"])
_MISSES = Counter("backline_cache_misses_total", "Cacheable answers that weren't there", ["kind"])
_FILLS = Counter("backline_cache_fills_total", "Answers made for the cache", ["outcome"])
_BYPASSES = Counter("backline_cache_bypasses_total", "Cacheable requests passed by", ["reason"])
# Finding a counter by its label takes longer than counting.
_misses, _fills, _bypasses = cache(_MISSES.labels), cache(_FILLS.labels), cache(_BYPASSES.labels)
_OK = 200
_LONGEST_ADDRESS = 1_000
_FOLLOW_S = 10.0
# All that may change an answer: fields that `Actor` gets later (scopes) are in by themselves.
identity_of = attrgetter(*(name for name in Actor.__struct_fields__ if name != "session_id"))

_STATUS = b"cache-status"
HIT = (_STATUS, b"backline; hit")


class EncodedCache:
    """The layer in front of `inner`; what isn't declared in the plan goes to `other`.

    `lives` is how long signed URLs are good, and stay the same.
    """

    def __init__(
        self,
        inner: App,
        other: App,
        plan: Plan,
        *,
        tags: Tags,
        watch: Watch,
        marks: WatermarkSigner,
        lives: Lives,
        store: Store | None = None,
    ) -> None:
        self._inner, self._other, self._plan = inner, other, plan
        self._tags, self._watch, self._marks, self._lives = tags, watch, marks, lives
        self._store = store or Store()
        self._flights = Flights[Key, Entry | None](tags)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = exchange_of(scope)
        actor = exchange.caller
        # Who isn't known is told by the framework what is wrong with that.
        if actor is None or scope["method"] != "GET":
            await self._other(scope, receive, send)
            return
        headers = exchange.headers
        key = self._key(actor, scope)
        entry = self._store.get(key)
        if entry is None or not self._may_hit(entry, headers):
            await self._miss(key, actor, exchange, scope, receive, send)
            return
        scope["path_template"], exchange.user = entry.template, actor.user_id.hex
        entry.hits.inc()
        await self._answer(key, entry, headers, send, b"backline; hit")
        if not _bears_mark(headers):
            encoding = negotiate(headers.get(b"accept-encoding"))
            known = headers.get(b"if-none-match")
            exchange.asked = Asked(exchange.token, actor, key, encoding, known)

    def kept(self, key: Key) -> Entry | None:
        """An answer that may be given now to whoever bears no watermark and takes a kept one."""
        entry = self._store.get(key)
        return entry if entry is not None and self._is_current(entry) else None

    def _may_hit(self, entry: Entry, headers: Mapping[bytes, bytes]) -> bool:
        """Whether an entry may be given to whoever asks now; `_reason` says why not."""
        return (
            self._is_current(entry) and not _wants_anew(headers) and not self._has_written(headers)
        )

    def _is_current(self, entry: Entry) -> bool:
        now_s = time.monotonic()
        return (
            self._tags.hold(entry.slots, entry.since)
            and now_s < entry.expires_s
            and (
                now_s < self._watch.trusted_until_s
                or (not entry.is_shared and self._watch.is_down(now_s))
            )
        )

    def _has_written(self, headers: Mapping[bytes, bytes]) -> bool:
        """Whether the caller wrote so lately that caches may not have heard of it."""
        if not _bears_mark(headers):
            return False
        mark = self._marks.of_request(headers.get(HEADER), headers.get(b"cookie"))
        return mark is not None and self._watch.database_ms() - mark.at_ms < YOUNG_S * 1000

    async def _miss(
        self,
        key: Key,
        actor: Actor,
        exchange: Exchange,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        headers = exchange.headers
        match = self._plan.match(scope["path"])
        if match is None:
            await self._other(scope, receive, send)
            return
        reason = self._reason(scope, headers)
        flight = self._flights.find(key) if reason is None else None
        if reason is not None:
            _bypasses(reason).inc()
            detail = b"backline; fwd=bypass; detail=" + reason.encode()
        else:
            _misses(match.cached.kind).inc()
            detail = b"backline; fwd=uri-miss"
        if flight is not None:
            entry = await self._follow(flight)
            if entry is not None:
                scope["path_template"], exchange.user = match.path, actor.user_id.hex
                collapsed = b"backline; fwd=uri-miss; collapsed"
                await self._answer(key, entry, headers, send, collapsed)
                return
        await self._lead(match, actor, key, exchange, scope, receive, send, detail)

    def _reason(self, scope: Scope, headers: Mapping[bytes, bytes]) -> str | None:
        """Why the cache is passed by, if it is."""
        if time.monotonic() >= self._watch.trusted_until_s:
            return "out-of-touch"
        if _wants_anew(headers):
            return "asked"
        if self._has_written(headers):
            return "watermark"
        if len(scope["path"]) + len(scope["query_string"]) > _LONGEST_ADDRESS:
            return "long-address"
        return None

    async def _follow(self, flight: Flight[Entry | None]) -> Entry | None:
        """What another request fetches, if it comes in time and still holds."""
        await asyncio.wait({flight.landing}, timeout=_FOLLOW_S)
        entry = flight.landing.result() if flight.landing.done() else None
        if entry is not None and self._tags.hold(entry.slots, entry.since):
            return entry
        return None

    async def _lead(
        self,
        match: Match,
        actor: Actor,
        key: Key,
        exchange: Exchange,
        scope: Scope,
        receive: Receive,
        send: Send,
        detail: bytes,
    ) -> None:
        slots = self._tags.slots(match.tags(actor.user_id.hex))
        landing: asyncio.Future[Entry | None] = asyncio.get_running_loop().create_future()
        flight = self._flights.begin(key, slots, landing)
        if self._tags.positions is not None:
            # A replica mustn't make this answer before it has replayed what was heard of until now.
            exchange.needed_position = self._tags.positions.need(slots)
        expires_s = time.monotonic() + self._life_s(match.cached)
        entry: Entry | None = None
        unfit = "not-reusable"
        try:
            capture = Capture(send)
            await self._inner(scope, receive, capture)
            if self._is_reusable(capture, exchange.actor, actor):
                named = exchange.depends.tags if exchange.depends is not None else ()
                if named:
                    further = (*named, memberships_tag(actor.user_id.hex))
                    slots = (*slots, *self._tags.slots(further))
                entry = Entry(
                    capture.headers,
                    capture.body,
                    slots=slots,
                    since=flight.since,
                    expires_s=expires_s,
                    template=match.path,
                    hits=_HITS.labels(match.cached.kind),
                    is_shared=match.cached.shared or bool(named),
                )
                unfit = self._unfit(entry, match.cached, named, exchange)
        finally:
            landing.set_result(None if unfit else entry)
            self._flights.end(key, flight)
        if entry is None:
            _fills(unfit).inc()
            await capture.release()
            return
        stored = not unfit and len(scope["path"]) + len(scope["query_string"]) <= _LONGEST_ADDRESS
        if unfit:
            _fills(unfit).inc()
        elif stored:
            stored = self._store.put(key, entry)
            _fills("stored" if stored else "too-large").inc()
        await self._answer(key, entry, exchange.headers, send, detail + b"; stored" * stored)

    def _unfit(self, entry: Entry, cached: Cached, named: Sequence[str], exchange: Exchange) -> str:
        """Why an answer may be given to nobody but who asked for it; empty where it may."""
        if len(named) > MOST_TAGS:
            return "too-many-tags"
        if not (cached.tags or named):
            return "without-tags"
        if not self._tags.hold(entry.slots, entry.since):
            return "outrun"
        # Of what was named only now a replica may not have known yet.
        positions, picked = self._tags.positions, exchange.picked_position
        if positions is not None and picked is not None and picked < positions.need(entry.slots):
            return "behind"
        return ""

    def _life_s(self, cached: Cached) -> float:
        """How long an answer made now may be given.

        Where it holds signed URLs, to a moment after their window: were it the same moment for
        all answers, everybody's would have to be made anew at once.
        """
        if not cached.holds_urls:
            return cached.ttl_s
        window_left_s = self._lives.window_s - time.time() % self._lives.window_s
        late_s = random.uniform(0, self._lives.late_s)  # noqa: S311  # nobody gains by guessing it
        return min(cached.ttl_s, window_left_s + late_s)

    @staticmethod
    def _is_reusable(capture: Capture, served: Actor | None, actor: Actor) -> bool:
        """Whether an answer may be given again, and was made for the one whom the key names."""
        return (
            capture.is_whole
            and capture.status == _OK
            and served is not None
            and identity_of(served) == identity_of(actor)
            and not any(
                name == b"set-cookie" or (name == b"cache-control" and b"no-store" in value)
                for name, value in capture.headers
            )
        )

    async def _answer(
        self, key: Key, entry: Entry, headers: Mapping[bytes, bytes], send: Send, detail: bytes
    ) -> None:
        status = (_STATUS, detail)
        asked = headers.get(b"if-none-match")
        if asked is not None and matches(asked, entry.etag):
            start = {"status": 304, "headers": [*entry.not_modified, status]}
            await send({"type": "http.response.start", **start})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            return
        encoding = negotiate(headers.get(b"accept-encoding"))
        variant = entry.variant(encoding) or self._store.grow(key, entry, encoding)
        start = {"status": 200, "headers": [*variant.headers, status]}
        await send({"type": "http.response.start", **start})
        await send({"type": "http.response.body", "body": variant.body, "more_body": False})

    @staticmethod
    def _key(actor: Actor, scope: Scope) -> Key:
        query: bytes = scope["query_string"]
        if b"&" in query:  # the order of parameters says nothing, that of one's values may
            parts = sorted(query.split(b"&"), key=lambda part: part.partition(b"=")[0])
            query = b"&".join(parts)
        return (*identity_of(actor), scope["path"], query)


def _wants_anew(headers: Mapping[bytes, bytes]) -> bool:
    """Whether the client won't have a kept answer (RFC 9111 §5.2.1.4)."""
    return b"no-cache" in headers.get(b"cache-control", b"").lower()


def _bears_mark(headers: Mapping[bytes, bytes]) -> bool:
    """Whether a watermark came with the request."""
    return HEADER in headers or COOKIE in headers.get(b"cookie", b"")
