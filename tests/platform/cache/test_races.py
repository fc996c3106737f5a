"""Answers that race a change: an app whose answers the test holds back, behind the real layer."""

import asyncio

import pytest

from tests.platform.cache.conftest import Stage
from tests.support.waiting import until


async def test_an_answer_outrun_by_a_change_is_given_only_to_who_asked_before(
    stage: Stage,
) -> None:
    await stage.write("old")
    stage.go_on.clear()
    early = asyncio.create_task(stage.get())
    await until(lambda: stage.reads == 1)

    await stage.write("new")
    late = asyncio.create_task(stage.get())
    await until(lambda: stage.reads == 2)
    stage.go_on.set()

    assert await early == ("old", "fwd=uri-miss")
    assert await late == ("new", "fwd=uri-miss; stored")
    assert await stage.get() == ("new", "hit")


async def test_who_waited_for_an_answer_that_was_outrun_reads_anew(stage: Stage) -> None:
    await stage.write("old")
    stage.go_on.clear()
    leader = asyncio.create_task(stage.get())
    await until(lambda: stage.reads == 1)
    follower = asyncio.create_task(stage.get())
    await asyncio.sleep(0)  # it has found the leader on its way

    await stage.write("new")
    stage.go_on.set()

    assert (await leader)[0] == "old"
    assert (await follower)[0] == "new"


async def test_a_leader_that_fails_leaves_its_followers_to_themselves(stage: Stage) -> None:
    await stage.write("here")
    stage.go_on.clear()
    stage.is_broken = True
    leader = asyncio.create_task(stage.get())
    await until(lambda: stage.reads == 1)
    follower = asyncio.create_task(stage.get())
    await asyncio.sleep(0)

    stage.go_on.set()
    with pytest.raises(RuntimeError):
        await leader
    stage.is_broken = False

    assert (await follower)[0] == "here"
    assert len(stage.layer._flights) == 0


async def test_a_leader_that_is_cut_off_leaves_nobody_waiting(stage: Stage) -> None:
    await stage.write("here")
    stage.go_on.clear()
    leader = asyncio.create_task(stage.get())
    await until(lambda: stage.reads == 1)
    follower = asyncio.create_task(stage.get())
    await asyncio.sleep(0)

    leader.cancel()
    stage.go_on.set()

    assert (await follower)[0] == "here"


async def test_an_answer_is_made_anew_when_its_time_is_over(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await stage.write("here")
    await stage.get()
    entry = next(iter(stage.layer._store._once.values()))

    monkeypatch.setattr(entry, "expires_s", 0.0)

    assert (await stage.get())[1] == "fwd=uri-miss; stored"


async def test_what_is_known_is_still_given_while_the_database_is_down(stage: Stage) -> None:
    await stage.write("here")
    await stage.get()
    await stage.watch.close()
    assert (await stage.get())[1] == "fwd=bypass; detail=out-of-touch; stored"

    stage.watch._dsn = "postgresql://u@/x?host=/nowhere"
    await stage.watch._look_safely()

    assert await stage.get() == ("here", "hit")
