"""How long answers are kept that hold signed URLs."""

import time
from typing import Any, cast

import pytest

from backline.platform.cache.declared import Cached, Plan
from backline.platform.front.caching import EncodedCache
from backline.platform.media.signing import Lives

LIVES = Lives()
NOON_S = 500_000 * LIVES.window_s


async def _app(*_: object) -> None:
    """Nothing is asked of it."""


@pytest.fixture
def layer() -> EncodedCache:
    unused = cast("Any", None)
    return EncodedCache(
        _app, _app, Plan("", []), tags=unused, watch=unused, marks=unused, lives=LIVES
    )


def lives_s(layer: EncodedCache, cached: Cached) -> list[float]:
    return [layer._life_s(cached) for _ in range(500)]


def test_without_urls_the_kind_alone_counts(layer: EncodedCache) -> None:
    assert set(lives_s(layer, Cached("/things", "thing", 7200, ()))) == {7200}


def test_urls_outlive_their_window_by_minutes_and_each_by_others(
    layer: EncodedCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: NOON_S + LIVES.window_s - 60.0)

    lives = lives_s(layer, Cached("/things", "thing", 7200, (), holds_urls=True))

    assert min(lives) >= 60
    assert max(lives) <= 60 + LIVES.late_s
    assert max(lives) - min(lives) > LIVES.late_s / 2


def test_a_short_life_is_no_longer_for_that(
    layer: EncodedCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(time, "time", lambda: NOON_S + 60.0)

    assert set(lives_s(layer, Cached("/things", "thing", 300, (), holds_urls=True))) == {300}
