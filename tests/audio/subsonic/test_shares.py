"""Links for anybody that players make, change and end."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.audio.conftest import named
from tests.support.subsonic import Player, player_of
from tests.support.things import Person

pytestmark = pytest.mark.slow


def song_id(track_id: str) -> str:
    return f"tr-{track_id.replace('-', '')}"


def milliseconds(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


async def test_shares_are_made_listed_changed_and_ended(player: Player, ada: Person) -> None:
    song = song_id(await named(ada, title="Jóga", artist="Björk", album="Homogenic"))
    album = (await player("getSong", id=song))["albumId"]
    playlist = (await player.once("createPlaylist", name="Van", songId=song))["id"]
    end = datetime.now(UTC) + timedelta(days=3)
    for one in (song, album, playlist):
        said = {"description": "Listen", "expires": milliseconds(end)}
        [made] = (await player.once("createShare", id=one, **said))["share"]

    listed = (await player("getShares"))["share"]
    async with ada.api.client() as visitor:
        token = {"token": made["url"].partition("#")[2]}
        before = await visitor.post("/api/v1/shared/look", json=token)
        await player.once("updateShare", id=made["id"], description="Once more", expires=0)
        changed = (await player("getShares"))["share"][0]
        await player.once("deleteShare", id=made["id"])
        after = await visitor.post("/api/v1/shared/look", json=token)

    assert [one["entry"][0]["isDir"] for one in listed[1:]] == [True, False]
    assert listed[0]["url"].startswith("http")
    assert listed[0]["username"] == player.name
    assert listed[0]["expires"][:19] == end.isoformat()[:19]
    assert changed["description"] == "Once more"
    assert "expires" not in changed
    assert (before.status_code, after.status_code) == (200, 404)
    assert len((await player("getShares"))["share"]) == 2


async def test_what_cannot_be_shared_is_refused(player: Player, ada: Person) -> None:
    song = song_id(await named(ada, title="One"))
    [made] = (await player.once("createShare", id=song))["share"]
    bob = Person(ada.api, "bob@example.org")
    await bob.sign_in()
    stranger = await player_of(bob)
    reader = await player_of(ada, "audio:read")
    late = milliseconds(datetime.now(UTC) + timedelta(days=400))

    assert (await player.fails("createShare"))["code"] == 10
    assert (await player.fails("createShare", id=[song, song]))["code"] == 0
    assert (await player.fails("createShare", id="ar-" + "0" * 32))["code"] == 0
    assert (await player.fails("createShare", id=song, expires=late))["code"] == 0
    assert (await player.fails("updateShare", id="sh-nothing"))["code"] == 70
    assert (await stranger.fails("createShare", id=song))["code"] == 70
    assert (await stranger.fails("updateShare", id=made["id"], expires=0))["code"] == 70
    assert (await stranger.fails("deleteShare", id=made["id"]))["code"] == 70
    assert (await stranger("getShares"))["share"] == []
    assert (await reader.fails("createShare", id=song))["code"] == 50
