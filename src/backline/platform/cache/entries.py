"""Cached answers as bytes, and the bounded store that keeps the ones asked for again.

The store has two parts (segmented LRU): what came once waits in the first and is the first to go;
what was asked for again is in the second. A flood of addresses that nobody repeats thus can't
push out what people use.
"""

from collections import OrderedDict
from typing import Final

from prometheus_client import Counter, Gauge

from backline.platform.http.compression import SMALLEST_BYTES, decode, encode
from backline.platform.http.conditions import etag_of
from backline.platform.http.headers import Encoding, Headers, lines_of

Key = tuple[object, ...]

CAPACITY_BYTES: Final = 128 << 20
_OVERHEAD_BYTES = 1_500  # of an entry with its key and headers, in Python's objects
_LARGEST_SHARE = 50
_PROTECTED_SHARE = 0.8
_NOT_KEPT = frozenset({b"content-length", b"content-encoding", b"etag", b"vary", b"date"})
_BY_EFFORT: Final[tuple[Encoding, ...]] = ("identity", "zstd", "gzip", "br")
_BYTES = Gauge("backline_cache_bytes", "Bytes held by cached answers")
_ENTRIES = Gauge("backline_cache_entries", "Cached answers held")
_EVICTIONS = Counter("backline_cache_evictions_total", "Cached answers given up for room")


class Variant:
    """An answer in one encoding: its headers and body as they are sent."""

    __slots__ = ("_lines", "body", "headers")

    def __init__(self, headers: Headers, body: bytes) -> None:
        self.headers, self.body = tuple(headers), body
        self._lines: bytes | None = None

    @property
    def lines(self) -> bytes:
        """The headers as they go over the wire."""
        if self._lines is None:
            self._lines = lines_of(self.headers)
        return self._lines


class Entry:
    """One answer: its variants, made when first asked for, and until when it holds.

    It holds while none of `slots` is newer than `since` (see `Tags.hold`). What `is_shared` may be
    taken from whoever sees it. Only variants are kept: most clients take compressed ones, a sixth
    as long as the answer.
    """

    __slots__ = (
        "_base", "_body", "_variants", "etag", "expires_s", "hits", "is_shared", "is_small",
        "not_modified", "protected", "since", "size_bytes", "slots", "template",
    )  # fmt: skip

    def __init__(
        self,
        headers: Headers,
        body: bytes,
        *,
        slots: tuple[int, ...],
        since: int,
        expires_s: float,
        template: str,
        hits: "Counter",
        is_shared: bool = False,
    ) -> None:
        self.slots, self.since, self.expires_s = slots, since, expires_s
        self.is_shared = is_shared
        self.template, self.hits, self.protected = template, hits, False
        self.etag, self.is_small = etag_of(body), len(body) < SMALLEST_BYTES
        self._base = [(k, v) for k, v in headers if k not in _NOT_KEPT]
        self._base.append((b"vary", b"Accept-Encoding, Authorization"))
        if not any(k == b"cache-control" for k, _ in self._base):
            self._base.append((b"cache-control", b"private, no-cache"))
        self._body: bytes | None = body  # until there is a variant
        self._variants: dict[Encoding, Variant] = {}
        kept = [pair for pair in self._base if pair[0] in (b"vary", b"cache-control")]
        self.not_modified = ((b"etag", b'"%b"' % self.etag), *kept)
        self.size_bytes = len(body) + _OVERHEAD_BYTES

    def variant(self, encoding: Encoding) -> Variant | None:
        """The answer in an encoding, if it was made already; short ones stay as they are."""
        return self._variants.get("identity" if self.is_small else encoding)

    def make_variant(self, encoding: Encoding) -> Variant:
        """The answer in an encoding."""
        if self.is_small:
            encoding = "identity"
        body, headers = self._whole(), list(self._base)
        if self._body is not None:
            self._body = None
            self.size_bytes -= len(body)
        etag = b'"%b"' % self.etag
        if encoding != "identity":
            body = encode(body, encoding)
            headers.append((b"content-encoding", encoding.encode()))
            etag = b'"%b-%b"' % (self.etag, encoding.encode())
        self.size_bytes += len(body) + _OVERHEAD_BYTES // 3
        headers += [(b"etag", etag), (b"content-length", b"%d" % len(body))]
        made = self._variants[encoding] = Variant(headers, body)
        return made

    def _whole(self) -> bytes:
        """The answer without any encoding."""
        if self._body is not None:
            return self._body
        encoding = min(self._variants, key=_BY_EFFORT.index)
        return decode(self._variants[encoding].body, encoding)


class Store:
    """Entries by key, bounded in bytes."""

    def __init__(self, capacity_bytes: int = CAPACITY_BYTES) -> None:
        self._capacity_bytes = capacity_bytes
        self._once: OrderedDict[Key, Entry] = OrderedDict()
        self._again: OrderedDict[Key, Entry] = OrderedDict()
        self.size_bytes = 0
        self._again_bytes = 0
        _BYTES.set_function(lambda: self.size_bytes)
        _ENTRIES.set_function(lambda: len(self))

    def __len__(self) -> int:
        return len(self._once) + len(self._again)

    def get(self, key: Key) -> Entry | None:
        """The entry, which thereby is the last to go."""
        entry = self._again.get(key)
        if entry is not None:
            self._again.move_to_end(key)
            return entry
        entry = self._once.pop(key, None)
        if entry is not None:
            self._again[key] = entry
            self._again_bytes += entry.size_bytes
            while self._again_bytes > self._capacity_bytes * _PROTECTED_SHARE:
                old_key, old = self._again.popitem(last=False)
                self._again_bytes -= old.size_bytes
                self._once[old_key] = old
        return entry

    def put(self, key: Key, entry: Entry) -> bool:
        """Keep an entry; False where it would take too large a share."""
        self.discard(key)
        if entry.size_bytes > self._capacity_bytes // _LARGEST_SHARE:
            return False
        self._once[key] = entry
        self._add(entry.size_bytes)
        self._make_room()
        return True

    def grow(self, key: Key, entry: Entry, encoding: Encoding) -> Variant:
        """Make one more variant of an entry that may be kept here."""
        before = entry.size_bytes
        made = entry.make_variant(encoding)
        if self._again.get(key) is entry:
            self._again_bytes += entry.size_bytes - before
        elif self._once.get(key) is not entry:
            return made
        self._add(entry.size_bytes - before)
        self._make_room()
        return made

    def discard(self, key: Key) -> None:
        """Forget an entry, if it is here."""
        entry = self._once.pop(key, None)
        if entry is None:
            entry = self._again.pop(key, None)
            if entry is None:
                return
            self._again_bytes -= entry.size_bytes
        self._add(-entry.size_bytes)

    def _make_room(self) -> None:
        while self.size_bytes > self._capacity_bytes:
            if self._once:
                _, entry = self._once.popitem(last=False)
            else:
                _, entry = self._again.popitem(last=False)
                self._again_bytes -= entry.size_bytes
            self._add(-entry.size_bytes)
            _EVICTIONS.inc()

    def _add(self, size_bytes: int) -> None:
        self.size_bytes += size_bytes
