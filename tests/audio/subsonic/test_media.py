"""Sound and pictures at `/rest`: what lies there whole, and what is made for a listener."""

import re
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import LiteralString
from uuid import UUID

import httpx
import m3u8
import pytest
from PIL import Image

from backline.platform.ids import uuid7
from tests.audio.conftest import prepared, uploaded, worker
from tests.support import sounds
from tests.support.api import Api, serving_api
from tests.support.confinement import confined
from tests.support.opensubsonic import assert_twins, validate
from tests.support.subsonic import Player, player_of
from tests.support.things import Person
from tests.support.waiting import eventually

pytestmark = pytest.mark.slow

LENGTH_S = 8
RATE_HZ = 44_100


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    """A server that converts."""
    async with (
        confined() as confinement,
        serving_api(dsn, tmp_path, quiet=True, confinement=confinement) as opened,
    ):
        yield opened


class Song:
    """A track that is ready, as a player and as its owner know it."""

    def __init__(self, player: Player, track_id: str, path: Path) -> None:
        self.player, self.id, self.path = player, f"tr-{track_id.replace('-', '')}", path

    async def get(self, call: str, *, headers: dict[str, str] | None = None, **params: object):  # noqa: ANN201
        said = {**self.player.shown(), "id": self.id, **params}
        return await self.player.client.get(f"/rest/{call}", params=said, headers=headers)


@pytest.fixture
async def song(api: Api, ada: Person, player: Player, tmp_path: Path) -> Song:
    cover = tmp_path / "cover.png"
    Image.new("RGB", (700, 700), "teal").save(cover)
    tone = sounds.tone(tmp_path / "tone.wav", LENGTH_S)
    path = tmp_path / "some file.flac"
    names = ("-metadata", "title=Sky: Blue", "-metadata", "artist=Ada")
    picture = ("-i", str(cover), "-map", "0", "-map", "1", "-disposition:v", "attached_pic")
    sounds.run("-i", str(tone), *picture, *names, str(path))
    async with worker(api):
        track_id = await uploaded(ada, path)
        assert (await prepared(ada, track_id))["status"] == "ready"
    return Song(player, track_id, path)


def decoded_s(answer: httpx.Response, folder: Path) -> float:
    path = folder / "heard"
    path.write_bytes(answer.content)
    return len(sounds.decoded("-i", str(path))) / 2 / RATE_HZ


async def test_sound_is_given_as_it_is_asked_for(song: Song, ada: Person, tmp_path: Path) -> None:
    original = song.path.read_bytes()

    whole = await song.get("stream")
    raw = await song.get("stream.view", format="raw", headers={"Range": "bytes=4-9"})
    best = await song.get("stream", format="aac")
    low = await song.get("stream", maxBitRate=70)
    mp3 = await song.get("stream", format="mp3", maxBitRate=128, estimateContentLength="true")
    rest = await song.get("stream", format="mp3", maxBitRate=128, timeOffset=5)
    opus = await song.get("stream", format="opus", maxBitRate=64)
    head = await song.player.client.head(
        "/rest/stream", params={**song.player.shown(), "id": song.id, "format": "mp3"}
    )

    assert (whole.content, whole.headers["content-type"]) == (original, "audio/flac")
    assert (raw.status_code, raw.content) == (206, original[4:10])
    assert raw.headers["cache-control"].startswith("private")
    assert best.headers["content-type"] == low.headers["content-type"] == "audio/mp4"
    assert len(low.content) < len(best.content)
    assert mp3.headers["content-type"] == rest.headers["content-type"] == "audio/mpeg"
    assert int(mp3.headers["content-length"]) == len(mp3.content)
    assert 0 <= decoded_s(mp3, tmp_path) - LENGTH_S < 0.2
    assert 0 <= decoded_s(rest, tmp_path) - (LENGTH_S - 5) < 0.2
    assert opus.headers["content-type"] == "audio/ogg"
    assert abs(decoded_s(opus, tmp_path) - LENGTH_S) < 0.2
    assert (head.status_code, head.content) == (200, b"")
    track = (await ada.get(f"/tracks/{song.id.removeprefix('tr-')}")).json()
    assert track["play_count"] == 0


async def test_files_covers_and_playlists(song: Song, ada: Person) -> None:
    original = song.path.read_bytes()

    file = await song.get("download")
    large, small = await song.get("getCoverArt"), await song.get("getCoverArt", size=64)
    playlist = await song.get("hls.m3u8", bitRate=["64", "300"])
    every = await song.get("hls.m3u8")

    assert file.content == original
    assert 'filename="Ada - Sky_ Blue.flac"' in file.headers["content-disposition"]
    assert large.headers["content-type"] == small.headers["content-type"] == "image/webp"
    assert len(small.content) < len(large.content)
    assert playlist.headers["content-type"] == "application/vnd.apple.mpegurl"
    found, all_of_them = m3u8.loads(playlist.text), m3u8.loads(every.text)
    assert len(all_of_them.playlists) == 3
    assert 1 <= len(found.playlists) <= 2
    anybody = ada.api.client()
    for entry in all_of_them.playlists:
        media = await anybody.get(str(entry.uri))
        assert media.status_code == 200
        first = m3u8.loads(media.text).segments[0]
        folder = str(entry.uri).rpartition("/")[0]
        assert (await anybody.get(f"{folder}/{first.uri}")).status_code == 200


async def test_a_playlist_plays_to_its_end_while_its_app_password_counts(
    song: Song, api: Api, ada: Person
) -> None:
    """However long the track is: whoever plays by HLS has no way to ask for new addresses."""
    [entry, *_] = m3u8.loads((await song.get("hls.m3u8")).text).playlists
    address, anybody = str(entry.uri), api.client()
    expires_s = int(address.split("/")[2].partition(".")[0])
    [password] = (await ada.get("/users/me/app-passwords")).json()["items"]
    while_it_counts = await anybody.get(address)
    original = address.replace(address.split("/")[6], "source")

    await ada.client.delete(f"/api/v1/users/me/app-passwords/{password['id']}")

    async def is_over() -> bool:
        return (await anybody.get(address)).status_code == 404

    longest_s = 3600 + LENGTH_S
    assert longest_s - 120 < expires_s - time.time() <= longest_s
    assert while_it_counts.status_code == 200
    kept = re.fullmatch(
        r"public, max-age=(\d+), immutable", while_it_counts.headers["cache-control"]
    )
    assert kept is not None
    assert 0 < int(kept[1]) < 700
    assert (await anybody.get(original)).status_code == 403  # that one isn't signed
    await eventually(is_over)  # what was looked up is kept for a moment


async def test_an_address_of_a_playlist_opens_nothing_else(song: Song, api: Api) -> None:
    ben = Person(api, "ben@example.org")
    await ben.sign_in()
    bens = (await (await player_of(ben)).raw("ping", f="json")).json()
    [password] = (await ben.get("/users/me/app-passwords")).json()["items"]
    [entry, *_] = m3u8.loads((await song.get("hls.m3u8")).text).playlists
    segments, anybody = str(entry.uri).split("/"), api.client()
    other_password, other_track, other_kind = list(segments), list(segments), list(segments)
    other_password[4] = UUID(password["id"]).hex
    other_track[5] = uuid7().hex
    other_kind[3] = "tracks"

    tried = [
        (await anybody.get("/".join(one))).status_code
        for one in (segments, other_password, other_track, other_kind)
    ]

    assert bens["subsonic-response"]["status"] == "ok"
    assert tried == [200, 403, 403, 403]


@pytest.mark.parametrize(
    "end",
    [
        "UPDATE users SET disabled_at = now() WHERE id = $1",
        "UPDATE users SET deleted_at = now() WHERE id = $1",
    ],
)
async def test_a_playlist_ends_with_its_account(
    song: Song, api: Api, ada: Person, end: LiteralString
) -> None:
    [entry, *_] = m3u8.loads((await song.get("hls.m3u8")).text).playlists
    before = await api.client().get(str(entry.uri))

    async with api.platform.database.write() as tx:
        await tx.execute(end, UUID(ada.id))

    async def is_over() -> bool:
        return (await api.client().get(str(entry.uri))).status_code == 404

    assert before.status_code == 200
    await eventually(is_over)


async def test_a_playlist_ends_with_its_track(song: Song, api: Api, ada: Person) -> None:
    [entry, *_] = m3u8.loads((await song.get("hls.m3u8")).text).playlists
    before = await api.client().get(str(entry.uri))

    (await ada.client.delete(f"/api/v1/tracks/{song.id.removeprefix('tr-')}")).raise_for_status()

    async def is_over() -> bool:
        return (await api.client().get(str(entry.uri))).status_code == 404

    assert before.status_code == 200
    await eventually(is_over)


async def test_what_belongs_to_another_is_not_there(song: Song, api: Api) -> None:
    ben = Person(api, "ben@example.org")
    await ben.sign_in()
    other = await player_of(ben)

    for call in ("stream", "download", "getCoverArt", "hls.m3u8"):
        answer = await other.raw(call, id=song.id, f="json")
        assert answer.json()["subsonic-response"]["error"]["code"] == 70
    past = (await song.get("stream", format="mp3", timeOffset=500, f="json")).json()
    assert past["subsonic-response"]["status"] == "failed"
    odd = (await song.get("stream", maxBitRate="much", f="json")).json()
    assert odd["subsonic-response"]["status"] == "failed"


PHONE = {
    "name": "Phone",
    "platform": "tests",
    "maxTranscodingAudioBitrate": 128_000,
    "directPlayProfiles": [{"containers": ["mp3"], "audioCodecs": ["mp3"], "protocols": []}],
    "transcodingProfiles": [
        {"container": "flac", "audioCodec": "flac", "protocol": "http"},
        {"container": "mp3", "audioCodec": "mp3", "protocol": "http", "maxAudioChannels": 2},
    ],
}


async def decided(song: Song, info: object, **params: str) -> dict[str, object]:
    """What a player of these abilities is told, the same in XML as in JSON."""
    said = {**song.player.shown(), "mediaId": song.id, "mediaType": "song", **params}
    where = "/rest/getTranscodeDecision"
    as_json = await song.player.client.post(where, params={**said, "f": "json"}, json=info)
    as_xml = await song.player.client.post(where, params=said, json=info)
    answer = as_json.json()
    validate("getTranscodeDecision", answer["subsonic-response"])
    assert_twins(answer, as_xml.text)
    return answer["subsonic-response"]


async def test_a_player_decides_and_is_given_what_was_decided(song: Song, tmp_path: Path) -> None:
    flac = [{"containers": ["flac"], "audioCodecs": [], "protocols": ["http"]}]
    aac = [{"container": "mp4", "audioCodec": "aac", "protocol": "http"}]

    told = (await decided(song, PHONE))["transcodeDecision"]
    desk = (await decided(song, {**PHONE, "directPlayProfiles": flac}))["transcodeDecision"]
    stored = (await decided(song, {**PHONE, "transcodingProfiles": aac}))["transcodeDecision"]

    async def heard(decision: object, **params: object) -> httpx.Response:
        assert isinstance(decision, dict)
        said = {"mediaId": song.id, "mediaType": "song", **params}
        return await song.get(
            "getTranscodeStream", transcodeParams=decision["transcodeParams"], **said
        )

    assert isinstance(told, dict)
    assert (told["canDirectPlay"], told["canTranscode"]) == (False, True)
    assert told["sourceStream"]["codec"] == "flac"
    assert told["transcodeStream"]["codec"] == "mp3"
    assert told["transcodeStream"]["audioBitrate"] == 128_000
    assert len(told["transcodeReason"]) == 1
    assert isinstance(desk, dict)
    assert desk["canDirectPlay"]
    mp3, rest = await heard(told), await heard(told, offset=5)
    whole, later = await heard(stored), await heard(stored, offset=7)
    assert mp3.headers["content-type"] == "audio/mpeg"
    assert abs(decoded_s(rest, tmp_path) - (LENGTH_S - 5)) < 0.2
    assert whole.headers["content-type"] == later.headers["content-type"] == "audio/mp4"
    assert "etag" in whole.headers  # a file, to be sought in
    assert int(later.headers["content-length"]) == len(later.content) < len(whole.content)
    assert decoded_s(later, tmp_path) > 0.5


async def test_a_decision_is_about_ones_own_songs_and_whole_questions(song: Song, api: Api) -> None:
    ben = Person(api, "ben@example.org")
    await ben.sign_in()
    other = Song(await player_of(ben), song.id.removeprefix("tr-"), song.path)

    strange = await decided(other, PHONE)
    podcast = await decided(song, PHONE, mediaType="podcast")
    odd = await decided(song, {"transcodingProfiles": "all"})
    made_up = await song.get(
        "getTranscodeStream", mediaId=song.id, mediaType="song", transcodeParams="x", f="json"
    )

    codes = [one["error"]["code"] for one in (strange, podcast, odd)]  # type: ignore[index]
    assert codes == [70, 70, 0]
    assert made_up.json()["subsonic-response"]["error"]["code"] == 0
