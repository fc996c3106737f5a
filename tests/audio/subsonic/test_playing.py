"""What plays now: told by players, shown to whose they are, counted once enough was heard."""

from typing import Any
from uuid import UUID

import pytest

from tests.audio.conftest import named, worker
from tests.audio.subsonic.test_changes import song_id
from tests.platform.jobs.working import eventually
from tests.support.api import PASSWORD, Api
from tests.support.subsonic import Player, player_of
from tests.support.things import Person

pytestmark = pytest.mark.slow
LENGTH_MS = 200_000
MAKE_PLAYABLE = "UPDATE tracks SET duration_ms = $2 WHERE id = $1"
# As if the players had said nothing since.
LATER = "UPDATE playing SET told_at = told_at - make_interval(secs => $2) WHERE user_id = $1"
LEFT = "SELECT count(*) FROM playing WHERE user_id = $1"


async def song(person: Person, title: str) -> str:
    """The id of a song of 200 seconds."""
    track_id = await named(person, title=title)
    async with person.api.platform.database.write() as tx:
        await tx.execute(MAKE_PLAYABLE, UUID(track_id), LENGTH_MS)
    return song_id(track_id)


async def tell(player: Player, song: str, state: str, position_s: float, **said: Any) -> None:
    """Report how a song plays."""
    told = {"mediaId": song, "mediaType": "song", "state": state, **said}
    await player.once("reportPlayback", **told, positionMs=round(position_s * 1000))


async def wait(person: Person, seconds: float) -> None:
    """Have this time pass."""
    async with person.api.platform.database.write() as tx:
        await tx.execute(LATER, UUID(person.id), float(seconds))


async def plays(player: Player, song: str) -> int:
    return int((await player("getSong", id=song)).get("playCount", 0))


async def now(player: Player) -> list[dict[str, Any]]:
    """What plays; time passes between two answers, so each is looked at by itself."""
    return list((await player.once("getNowPlaying"))["entry"])


async def test_what_plays_is_told_with_where_it_is_by_now(player: Player, ada: Person) -> None:
    one, two = await song(ada, "One"), await song(ada, "Two")
    assert await player("getNowPlaying") == {"entry": []}

    await tell(player, one, "starting", 0)
    await wait(ada, 65)
    [playing] = await now(player)
    assert (playing["title"], playing["state"]) == ("One", "starting")
    assert (playing["username"], playing["playerName"]) == (player.name, "tests")
    assert playing["minutesAgo"] == 1
    assert 65_000 <= playing["positionMs"] < LENGTH_MS

    await tell(player, one, "playing", 70, playbackRate=2)
    await wait(ada, 10)
    [playing] = await now(player)
    assert 90_000 <= playing["positionMs"] < LENGTH_MS
    assert playing["playbackRate"] == 2

    await tell(player, two, "paused", 7)
    await wait(ada, 600)
    paused = await player("getNowPlaying")
    assert [(at["title"], at["positionMs"], at["state"]) for at in paused["entry"]] == [
        ("Two", 7_000, "paused")
    ]
    await tell(player, one, "stopped", 0)  # of another song than plays: it says nothing
    assert len(await now(player)) == 1
    await tell(player, two, "stopped", 7)
    assert await player("getNowPlaying") == {"entry": []}


async def test_a_player_that_says_no_more_has_stopped(player: Player, ada: Person) -> None:
    one = await song(ada, "One")
    await player.once("scrobble", id=one, submission="false")
    [playing] = await now(player)
    await wait(ada, LENGTH_MS / 1000 + 30)
    [at_the_end] = await now(player)
    await wait(ada, 60)

    assert (playing["title"], playing["state"]) == ("One", "playing")
    assert at_the_end["positionMs"] == LENGTH_MS
    assert await now(player) == []
    await tell(player, one, "paused", 5)
    await wait(ada, 3_700)
    assert await now(player) == []
    assert await plays(player, one) == 0


async def test_a_play_counts_once_when_enough_was_heard(player: Player, ada: Person) -> None:
    one = await song(ada, "One")
    await tell(player, one, "starting", 0)
    for place_s in (60, 99):
        await wait(ada, 60)
        await tell(player, one, "playing", place_s)
    assert await plays(player, one) == 0
    await wait(ada, 10)
    await tell(player, one, "playing", 105)
    assert await plays(player, one) == 1
    await wait(ada, 90)
    await tell(player, one, "stopped", 195)
    assert await plays(player, one) == 1

    await tell(player, one, "starting", 0)
    await wait(ada, 150)
    await tell(player, one, "stopped", 150)
    assert await plays(player, one) == 2


async def test_who_seeks_or_doesnt_want_it_counted_hasnt_played_it(
    player: Player, ada: Person
) -> None:
    one, two = await song(ada, "One"), await song(ada, "Two")
    await tell(player, one, "starting", 0)
    for place_s in range(4, 195, 4):
        await tell(player, one, "playing", place_s)
    await tell(player, one, "paused", 199)
    await wait(ada, 600)
    await tell(player, one, "stopped", 199)

    await tell(player, two, "starting", 0, ignoreScrobble="true")
    await wait(ada, 190)
    await tell(player, two, "stopped", 190, ignoreScrobble="true")

    assert [await plays(player, one), await plays(player, two)] == [0, 0]


async def test_what_makes_no_sense_is_refused(player: Player, ada: Person, api: Api) -> None:
    one = await song(ada, "One")
    other = Person(api, "ben@example.org")
    await other.sign_in()
    theirs = await song(other, "Ben's")
    good = {"mediaId": one, "mediaType": "song", "state": "playing", "positionMs": 0}
    wrong = {
        "mediaType": ("podcast", 0),
        "state": ("dancing", 0),
        "positionMs": (-1, 0),
        "playbackRate": (0, 0),
        "ignoreScrobble": ("perhaps", 0),
        "mediaId": (theirs, 70),
    }
    for name, (value, code) in wrong.items():
        assert (await player.fails("reportPlayback", **{**good, name: value}))["code"] == code, name
    assert (await player.fails("reportPlayback", **{**good, "playbackRate": "nan"}))["code"] == 0
    assert await now(player) == []
    reader = await player_of(ada, "audio:read")
    assert (await reader.fails("reportPlayback", **good))["code"] == 50


async def test_others_see_nothing_and_who_is_gone_leaves_nothing(
    player: Player, ada: Person, api: Api
) -> None:
    one = await song(ada, "One")
    other = Person(api, "ben@example.org")
    await other.sign_in()
    for number in range(25):
        await tell(player, one, "playing", 1, c=f"player {number}")

    assert await now(await player_of(other)) == []
    there = await now(player)
    assert [at["playerName"] for at in there] == [f"player {n}" for n in range(24, 4, -1)]
    assert len({at["playerId"] for at in there}) == 20

    database = api.platform.database
    async with worker(api):
        await ada.client.request("DELETE", "/api/v1/users/me", json={"password": PASSWORD})

        async def is_gone() -> bool:
            async with database.read() as read:
                return await read.fetch_value(LEFT, UUID(ada.id)) == 0

        await eventually(is_gone)
