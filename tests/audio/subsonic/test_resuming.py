"""Where somebody goes on: queues that players hand to each other, and bookmarks."""

import asyncio

import pytest

from backline.audio import resuming
from tests.audio.conftest import named, worker
from tests.audio.subsonic.test_changes import song_id
from tests.platform.jobs.working import eventually
from tests.support.api import PASSWORD, Api
from tests.support.subsonic import Player, player_of
from tests.support.things import Person

pytestmark = pytest.mark.slow
LEFT = "SELECT user_id FROM play_queues UNION ALL SELECT user_id FROM bookmarks"


@pytest.fixture
async def ben(api: Api) -> Person:
    """Somebody else."""
    person = Person(api, "ben@example.org")
    await person.sign_in()
    return person


async def test_a_queue_is_handed_on_and_what_is_gone_left_out(player: Player, ada: Person) -> None:
    tracks = [await named(ada, title=title) for title in ("One", "Two", "Three")]
    one, two, three = map(song_id, tracks)
    nothing = await player("getPlayQueue")
    assert (nothing["entry"], nothing["changedBy"], "current" in nothing) == ([], "", False)

    await player.once("savePlayQueue", id=[one, two, three], current=two, position=61_500)
    there = await player("getPlayQueue")
    by_index = await player("getPlayQueueByIndex")
    await ada.client.delete(f"/api/v1/tracks/{tracks[1]}")
    later = await player("getPlayQueueByIndex")

    assert [song["title"] for song in there["entry"]] == ["One", "Two", "Three"]
    assert (there["current"], there["position"]) == (two, 61_500)
    assert (there["username"], there["changedBy"]) == (player.name, "tests")
    assert (by_index["currentIndex"], by_index["position"]) == (1, 61_500)
    assert [song["title"] for song in later["entry"]] == ["One", "Three"]
    assert (later["currentIndex"], later["position"]) == (1, 0)

    # The same song twice: only its place tells which of them plays.
    await player.once("savePlayQueueByIndex", id=[one, three, one], currentIndex=2, position=5)
    assert (await player("getPlayQueueByIndex"))["currentIndex"] == 2
    await player.once("savePlayQueue")
    assert (await player("getPlayQueueByIndex"))["entry"] == []


async def test_a_queue_that_makes_no_sense_is_refused(player: Player, ada: Person) -> None:
    one, two = [song_id(await named(ada, title=title)) for title in ("One", "Two")]
    await player.once("savePlayQueue", id=one, current=one)

    assert (await player.fails("savePlayQueue", id=one))["code"] == 10
    assert (await player.fails("savePlayQueue", id=one, current=two))["code"] == 0
    assert (await player.fails("savePlayQueue", id="al-1", current=one))["code"] == 70
    assert (await player.fails("savePlayQueueByIndex", id=one, currentIndex=1))["code"] == 0
    assert (await player("getPlayQueue"))["current"] == one


async def test_what_is_anothers_is_in_nobodys_queue(
    player: Player, ada: Person, ben: Person
) -> None:
    own, others = song_id(await named(ada, title="Mine")), song_id(await named(ben, title="Ben's"))
    await player.once("savePlayQueue", id=[others, own], current=others, position=9)

    there = await player("getPlayQueue")

    assert [song["title"] for song in there["entry"]] == ["Mine"]
    assert (there["current"], there["position"]) == (own, 0)
    assert (await (await player_of(ben))("getPlayQueue"))["entry"] == []
    assert (await player.fails("createBookmark", id=others, position=1))["code"] == 70


async def test_bookmarks_are_moved_listed_and_deleted(player: Player, ada: Person) -> None:
    one, two = [song_id(await named(ada, title=title)) for title in ("One", "Two")]
    await player.once("createBookmark", id=one, position=90_000, comment="The solo")
    await player.once("createBookmark", id=two, position=5)
    await player.once("createBookmark", id=one, position=91_000)

    found = (await player("getBookmarks"))["bookmark"]
    await player.once("deleteBookmark", id=one)

    assert [(mark["entry"]["title"], mark["position"]) for mark in found] == [
        ("One", 91_000),
        ("Two", 5),
    ]
    assert "comment" not in found[0]
    assert len((await player("getBookmarks"))["bookmark"]) == 1
    assert (await player.fails("deleteBookmark", id=one))["code"] == 70
    assert (await player.fails("createBookmark", id=two))["code"] == 10


async def test_bookmarks_have_a_bound_also_when_made_at_once(
    player: Player, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(resuming, "MOST_BOOKMARKS", 2)
    songs = [song_id(await named(ada, title=f"{n}")) for n in range(5)]

    made = await asyncio.gather(
        *(player.raw("createBookmark", id=song, position=1, f="json") for song in songs)
    )

    states = [one.json()["subsonic-response"]["status"] for one in made]
    assert states.count("ok") == 2
    assert len((await player("getBookmarks"))["bookmark"]) == 2


async def test_who_is_gone_leaves_no_queue(api: Api, player: Player, ada: Person) -> None:
    song = song_id(await named(ada, title="One"))
    await player.once("savePlayQueue", id=song, current=song)
    await player.once("createBookmark", id=song, position=1)
    async with worker(api):
        await ada.client.request("DELETE", "/api/v1/users/me", json={"password": PASSWORD})

        async def nothing_is_left() -> bool:
            async with api.platform.database.read() as read:
                return not await read.fetch_values(LEFT)

        await eventually(nothing_is_left)
