"""The bounded store of cached answers."""

import pytest
from prometheus_client import CollectorRegistry, Counter

from backline.platform.cache.entries import Entry, Key, Store
from backline.platform.http.compression import Encoding, decode

HITS = Counter("hits", "of these tests", registry=CollectorRegistry())


def entry(size_bytes: int = 1_000, text: bytes = b"a") -> Entry:
    body = b'"' + text * (size_bytes - 2) + b'"'
    headers = [(b"content-type", b"application/json"), (b"etag", b'"theirs"')]
    return Entry(headers, body, slots=(), since=0, expires_s=1e9, template="/things", hits=HITS)


def keys(store: Store, candidates: list[Key]) -> list[Key]:
    """Those that are there, asked without moving them."""
    return [key for key in candidates if key in store._once or key in store._again]


def test_the_store_never_holds_more_than_its_bytes() -> None:
    store = Store(300_000)

    for number in range(1_000):
        store.put((number,), entry(1_000 + number))
        assert store.size_bytes <= 300_000

    held = [*store._once.values(), *store._again.values()]
    assert store.size_bytes == sum(one.size_bytes for one in held)
    assert len(store) > 50


def test_what_is_asked_for_again_outlives_a_flood_of_what_is_not() -> None:
    store = Store(300_000)
    store.put(("popular",), entry())
    store.get(("popular",))

    for number in range(1_000):
        store.put((number,), entry())

    assert store.get(("popular",)) is not None
    assert store.get((0,)) is None


def test_the_favourites_of_yesterday_make_room_for_those_of_today() -> None:
    store = Store(300_000)
    for day in range(2):
        for number in range(200):
            store.put((day, number), entry())
            store.get((day, number))

    assert keys(store, [(0, 0)]) == []
    assert keys(store, [(1, 199)]) == [(1, 199)]
    assert store.size_bytes <= 300_000


def test_an_answer_that_would_fill_the_store_is_not_kept() -> None:
    store = Store(100_000)

    assert not store.put(("huge",), entry(50_000))
    assert store.size_bytes == 0


def test_a_new_variant_counts_and_is_made_once() -> None:
    store = Store(300_000)
    made = entry(4_000)
    store.put(("a",), made)
    before = store.size_bytes

    variant = store.grow(("a",), made, "gzip")

    assert made.variant("gzip") is variant
    assert store.size_bytes == before + made.size_bytes - (4_000 + 1_500)
    assert dict(variant.headers)[b"content-encoding"] == b"gzip"


def test_a_variant_of_an_answer_that_has_been_replaced_does_not_count() -> None:
    store = Store(300_000)
    old = entry(4_000)
    store.put(("a",), old)
    store.put(("a",), entry(4_000, b"b"))
    before = store.size_bytes

    store.grow(("a",), old, "br")

    assert store.size_bytes == before


def test_forgetting_gives_the_room_back() -> None:
    store = Store(300_000)
    for number in range(4):
        store.put((number,), entry())
        if number % 2:
            store.get((number,))

    for number in range(4):
        store.discard((number,))

    assert (store.size_bytes, len(store), store._again_bytes) == (0, 0, 0)


def test_short_answers_stay_as_they_are_and_the_apps_own_etag_goes() -> None:
    short = entry(100)

    variant = short.make_variant("br")

    names = [name for name, _ in variant.headers]
    assert variant.body == b'"' + b"a" * 98 + b'"'
    assert b"content-encoding" not in names
    assert names.count(b"etag") == 1


@pytest.mark.parametrize("first", ["zstd", "br", "gzip", "identity"])
def test_every_encoding_comes_from_the_one_that_is_kept(first: Encoding) -> None:
    store = Store(300_000)
    made = entry(4_000)
    store.put(("a",), made)
    wanted = b'"' + b"a" * 3_998 + b'"'

    store.grow(("a",), made, first)
    encodings: tuple[Encoding, ...] = ("identity", "zstd", "br", "gzip")
    bodies = [
        decode((made.variant(one) or store.grow(("a",), made, one)).body, one) for one in encodings
    ]

    assert bodies == [wanted] * 4
    assert store.size_bytes == made.size_bytes


def test_an_answer_that_is_only_taken_compressed_takes_little_room() -> None:
    store = Store(300_000)
    made = entry(20_000)
    store.put(("a",), made)

    store.grow(("a",), made, "zstd")

    assert store.size_bytes < 4_000
