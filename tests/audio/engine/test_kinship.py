"""Which tracks are like which: true reasons, the same each time, work that is bounded."""

from typing import Any

import numpy as np
import pytest

from backline.audio.engine import kinship
from backline.audio.engine.kin import MOST, NUMBERS, Circle, Member, Neighbor, Together
from tests.support.chance import chance


def member(number: int, **more: Any) -> Member:
    """Somebody whom nothing is known of, but that it sounds like nobody else."""
    plain: dict[str, Any] = {"numbers": [], "artists": [], "genres": [], "year": 0}
    return Member(**{**plain, "sound": number, **more})


def numbers(centre: float, *, seed: int) -> list[float]:
    """A sound near to others of that centre."""
    apart = np.random.default_rng(seed).standard_normal(NUMBERS) * 0.05
    return (centre + apart).tolist()


def found(circle: Circle) -> dict[int, list[Neighbor]]:
    return {one.place: one.items for one in kinship.neighbors(circle)}


def everybody(members: list[Member], **more: Any) -> Circle:
    return Circle(members, more.get("heard", []), more.get("beside", []), [*range(len(members))])


def test_the_nearest_is_what_sounds_alike() -> None:
    members = [member(at, numbers=numbers(4.0 * (at % 2), seed=at)) for at in range(6)]

    near = found(everybody(members))

    assert {one.place for one in near[0]} == {2, 4}
    assert {one.place for one in near[1]} == {3, 5}
    assert all(one.sound is not None and one.sound > 0.9 for one in near[0])


def test_what_has_nothing_in_common_is_no_neighbour() -> None:
    members = [member(0, genres=[1], year=1999), member(1, genres=[2], year=1999)]

    assert found(everybody(members)) == {0: [], 1: []}


def test_what_was_heard_together_is_near_though_it_sounds_otherwise() -> None:
    members = [member(at, numbers=numbers(9.0 * at, seed=at)) for at in range(3)]

    near = found(everybody(members, heard=[Together(0, 2, 4)]))

    assert [(one.place, one.heard) for one in near[0]] == [(2, 4)]
    assert [(one.place, one.heard) for one in near[2]] == [(0, 4)]
    assert near[1] == []


def test_the_same_file_twice_is_no_neighbour() -> None:
    members = [member(0, artists=[1], sound=5), member(1, artists=[1], sound=5)]

    assert found(everybody(members)) == {0: [], 1: []}


def test_no_artist_takes_all_places() -> None:
    members = [member(at, artists=[1 if at < 20 else at], genres=[1]) for at in range(40)]

    near = found(everybody(members))[0]

    assert len(near) <= MOST
    assert sum(one.place < 20 for one in near) <= 10


@pytest.mark.draws
def test_nearness_is_mutual_bounded_and_the_same_each_time() -> None:
    random = chance()
    members = [
        member(
            at,
            numbers=numbers(random.random(), seed=at) if at % 5 else [],
            artists=[random.randrange(60)],
            genres=[100 + random.randrange(8)],
            year=random.randrange(1960, 2020),
        )
        for at in range(300)
    ]

    near, again = found(everybody(members)), found(everybody(members))

    assert near == again
    scores = {(at, one.place): one.score for at, items in near.items() for one in items}
    for (one, other), score in scores.items():
        assert scores.get((other, one), score) == score
    assert all(len(items) <= MOST for items in near.values())
    some = Circle(members, [], [], [3, 250])
    assert found(some) == {at: near[at] for at in (3, 250)}


def test_no_track_is_compared_with_more_than_so_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinship, "_REACH", 20)
    members = [member(at, numbers=numbers(at / 50, seed=at)) for at in range(400)]

    near = found(everybody(members))

    assert all(near.values())
    assert all(abs(one.place - at) <= 60 for at, items in near.items() for one in items)
