"""Answers of what is shared: tags that a handler names, and what ends with a membership."""

import asyncio

import pytest

from backline.platform.cache import memberships_tag
from backline.platform.http.depends import MOST_TAGS
from tests.platform.cache.conftest import ACTOR, THING, Stage
from tests.support.waiting import until

MEMBERSHIPS = memberships_tag(ACTOR.user_id.hex)


async def test_an_answer_ends_with_what_its_handler_named(stage: Stage) -> None:
    stage.names = ("board:1", "board:2")

    assert (await stage.get("/boards"))[1] == "fwd=uri-miss; stored"
    assert (await stage.get("/boards"))[1] == "hit"
    await stage.forget("board:3")
    assert (await stage.get("/boards"))[1] == "hit"
    await stage.forget("board:2")
    assert (await stage.get("/boards"))[1] == "fwd=uri-miss; stored"


@pytest.mark.parametrize("names", [(), tuple(f"board:{n}" for n in range(MOST_TAGS + 1))])
async def test_an_answer_that_names_nothing_or_too_much_is_not_kept(
    stage: Stage, names: tuple[str, ...]
) -> None:
    stage.names = names

    assert [await stage.get("/boards") for _ in range(2)] == [("", "fwd=uri-miss")] * 2


async def test_as_much_as_may_be_named_is_kept(stage: Stage) -> None:
    stage.names = tuple(f"board:{n}" for n in range(MOST_TAGS))

    assert (await stage.get("/boards"))[1] == "fwd=uri-miss; stored"


async def test_what_is_named_counts_beside_what_is_declared(stage: Stage) -> None:
    stage.names = ("board:1",)
    for tag in (THING, "board:1"):
        await stage.get("/thing")
        assert (await stage.get("/thing"))[1] == "hit"
        await stage.forget(tag)
        assert (await stage.get("/thing"))[1] == "fwd=uri-miss; stored"


@pytest.mark.parametrize(
    ("path", "names", "is_shared"),
    [("/board", (), True), ("/boards", ("board:1",), True), ("/thing", (), False)],
)
async def test_what_is_shared_ends_with_a_membership_and_is_not_given_while_the_database_is_away(
    stage: Stage, path: str, names: tuple[str, ...], is_shared: bool
) -> None:
    stage.names = names
    await stage.get(path)
    await stage.forget(MEMBERSHIPS)
    after = (await stage.get(path))[1]
    await stage.watch.close()
    stage.watch._dsn = "postgresql://u@/x?host=/nowhere"
    await stage.watch._look_safely()

    away = (await stage.get(path))[1]

    if is_shared:
        assert after == "fwd=uri-miss; stored"
        assert away.startswith("fwd=bypass; detail=out-of-touch")
    else:
        assert (after, away) == ("hit", "hit")


async def test_a_change_of_what_is_named_later_outruns_the_answer_and_who_waits_for_it(
    stage: Stage,
) -> None:
    stage.names = ("board:1",)
    stage.go_on.clear()
    leader = asyncio.create_task(stage.get("/boards"))
    await until(lambda: stage.reads == 1)
    follower = asyncio.create_task(stage.get("/boards"))
    await asyncio.sleep(0)  # it has found the leader on its way

    await stage.write("new")
    await stage.forget("board:1")
    stage.go_on.set()

    assert await leader == ("", "fwd=uri-miss")
    assert await follower == ("new", "fwd=uri-miss; stored")


async def test_what_a_replica_made_is_kept_only_if_it_knew_what_was_named_before(
    stage: Stage,
) -> None:
    positions = stage.tags.keep_positions()
    await until(lambda: positions.need(()) < 1 << 63)
    floor = positions.need(())
    await stage.forget("board:1")
    slots = stage.tags.slots(["board:1"])
    await until(lambda: floor < positions.need(slots) < 1 << 63)
    needed = positions.need(slots)
    stage.names = ("board:1",)

    stage.picked = needed - 1
    behind = await stage.get("/boards")
    stage.picked = needed
    level = await stage.get("/boards")

    assert (behind[1], level[1]) == ("fwd=uri-miss", "fwd=uri-miss; stored")
