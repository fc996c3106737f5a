"""Two servers whose files lie in S3: an upload across both, streams, an outage, a clean end."""

import base64
import contextlib
from pathlib import Path
from urllib.parse import urljoin
from uuid import UUID

import httpx
import m3u8
import pytest

from tests.support import s3, sounds
from tests.support.installation import sign_up, wait_for
from tests.support.library import stream_url, track, until_prepared
from tests.support.many import Process, client_of, environment, running, shared_folder
from tests.support.redis import running as running_redis

pytestmark = [pytest.mark.slow, pytest.mark.platform]

BUCKET, PREFIX = "music", "house"
LENGTH_S = 20
TUS = {"Tus-Resumable": "1.0.0"}
BYTES = {**TUS, "Content-Type": "application/offset+octet-stream"}


def begin(client: httpx.Client, length: int) -> str:
    name = base64.b64encode(b"song.flac").decode()
    asked = {**TUS, "Upload-Length": str(length), "Upload-Metadata": f"filename {name}"}
    answer = client.post("/uploads", headers=asked)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"].removeprefix("/api/v1")


def send(client: httpx.Client, path: str, offset: int, data: bytes) -> httpx.Response:
    return client.patch(path, headers={**BYTES, "Upload-Offset": str(offset)}, content=data)


def offset_of(client: httpx.Client, path: str) -> int:
    return int(client.head(path, headers=TUS).headers["Upload-Offset"])


class House:
    """Two servers, the second of which redirects, a worker, and their bucket."""

    def __init__(self, stack: contextlib.ExitStack, dsn: str, song: Path) -> None:
        self.data = song.read_bytes()
        redis = stack.enter_context(running_redis())
        redis.open_to_all()
        self.store = stack.enter_context(s3.running(BUCKET))
        self.folder = stack.enter_context(shared_folder())
        told = {
            **environment(self.folder, dsn),
            "BACKLINE_REDIS_URL": redis.url,
            "BACKLINE_STORAGE_URL": self.store.url(BUCKET, PREFIX),
        }
        self.one = Process("serve", self.folder, told)
        self.other = Process("serve", self.folder, {**told, "BACKLINE_MEDIA_OFFLOAD": "redirect"})
        self.processes = (self.one, self.other, Process("work", self.folder, told))
        stack.enter_context(running(self.processes))
        self.here = stack.enter_context(client_of(self.one.url))
        token = sign_up(self.here)["access_token"]
        self.there = stack.enter_context(client_of(self.other.url, token))


def test_two_servers_on_one_bucket(dsn: str, tmp_path: Path) -> None:
    song = sounds.encoded(sounds.tone(tmp_path / "t.wav", LENGTH_S), tmp_path / "song.flac")
    with contextlib.ExitStack() as stack:
        house = House(stack, dsn, song)

        track_id = goes_on_with_the_other_after_an_outage(house)
        sends_bytes_by_itself_and_by_a_redirect(house, track_id)
        sends_segments_through_the_redirect(house, track_id)
        gives_players_the_same_from_both(house, track_id, tmp_path)
        says_when_to_come_back(house, track_id)
        leaves_nothing_of_what_is_deleted(house, track_id)


def goes_on_with_the_other_after_an_outage(house: House) -> str:
    half = len(house.data) // 2
    here, there, data = house.here, house.there, house.data
    path = begin(here, len(data))
    assert send(here, path, 0, data[:half]).status_code == 204
    assert offset_of(there, path) == half
    house.store.kill()
    refused = send(there, path, half, data[half:])
    assert (refused.status_code, offset_of(here, path)) == (503, half)
    assert int(refused.headers["Retry-After"]) >= 1
    house.store.start()
    wait_for(
        lambda: send(there, path, offset_of(there, path), data[half:]).status_code == 204,
        "S3 to take the rest",
    )
    track_id = there.get(path).json()["track_id"]
    assert until_prepared(here, track_id)["status"] == "ready"
    return track_id


def sends_bytes_by_itself_and_by_a_redirect(house: House, track_id: str) -> None:
    url = stream_url(house.here, track_id, quality="original")
    whole = httpx.get(house.one.url + url)
    part = httpx.get(house.one.url + url, headers={"Range": "bytes=100-199"})
    assert (whole.status_code, whole.content) == (200, house.data)
    assert (part.status_code, part.content) == (206, house.data[100:200])
    sent = httpx.get(house.other.url + url, headers={"Range": "bytes=100-199"})
    assert sent.status_code == 307
    assert sent.headers["Location"].startswith(f"http://127.0.0.1:{house.store.port}/")
    direct = httpx.get(sent.headers["Location"], headers={"Range": "bytes=100-199"})
    assert (direct.status_code, direct.content) == (206, house.data[100:200])
    assert direct.headers["Content-Type"] == whole.headers["Content-Type"] == "audio/flac"
    assert direct.headers["Content-Disposition"] == whole.headers["Content-Disposition"]
    assert "max-age" in direct.headers["Cache-Control"]
    assert httpx.head(house.other.url + url, follow_redirects=True).headers[
        "Content-Length"
    ] == str(len(house.data))
    page = httpx.get(house.other.url, headers={"Accept": "text/html"})
    assert (
        f"media-src 'self' blob: http://127.0.0.1:{house.store.port}"
        in page.headers["Content-Security-Policy"]
    )


def sends_segments_through_the_redirect(house: House, track_id: str) -> None:
    master = house.other.url + stream_url(house.there, track_id, quality="auto")
    listed = httpx.get(master)
    assert listed.status_code == 200
    rung = urljoin(master, m3u8.loads(listed.text).playlists[0].uri)
    segments = m3u8.loads(httpx.get(rung).text).segments
    size, _, start = segments[1].byterange.partition("@")
    asked = f"bytes={start}-{int(start) + int(size) - 1}"
    segment = httpx.get(
        urljoin(rung, segments[1].uri), headers={"Range": asked}, follow_redirects=True
    )
    assert (segment.status_code, len(segment.content)) == (206, int(size))


def gives_players_the_same_from_both(house: House, track_id: str, folder: Path) -> None:
    """At `/rest` nothing redirects: what lies in the bucket goes through the server."""
    form = {"name": "Player", "scopes": ["audio:read"]}
    made = house.here.post("/users/me/app-passwords", json=form).raise_for_status().json()
    said = {"apiKey": made["password"], "v": "1.16.1", "c": "tests"}
    said["id"] = f"tr-{UUID(track_id).hex}"
    for server in (house.one, house.other):
        with httpx.Client(base_url=f"{server.url}/rest", params=said, timeout=60) as player:
            whole = player.get("download")
            part = player.get("stream", params={"format": "raw"}, headers={"Range": "bytes=9-99"})
            low = player.get("stream", params={"maxBitRate": 70})
            converted = player.get("stream", params={"format": "mp3", "maxBitRate": 128})
            listed = player.get("hls.m3u8")
            rung = urljoin(str(listed.url), m3u8.loads(listed.text).playlists[0].uri)
            segments = m3u8.loads(player.get(rung, follow_redirects=True).text).segments
            segment = httpx.get(urljoin(rung, segments[0].uri), follow_redirects=True)
        assert (whole.status_code, whole.content) == (200, house.data)
        assert (part.status_code, part.content) == (206, house.data[9:100])
        assert (low.status_code, low.headers["Content-Type"]) == (200, "audio/mp4")
        assert (converted.status_code, converted.headers["Content-Type"]) == (200, "audio/mpeg")
        (folder / "heard.mp3").write_bytes(converted.content)
        heard_s = len(sounds.decoded("-i", str(folder / "heard.mp3"))) / 2 / 44_100
        assert abs(heard_s - LENGTH_S) < 0.2
        assert segment.status_code == 200


def says_when_to_come_back(house: House, track_id: str) -> None:
    url = stream_url(house.here, track_id, quality="original")
    house.store.kill()
    missed = httpx.get(house.one.url + url, timeout=120)
    assert (missed.status_code, int(missed.headers["Retry-After"]) > 0) == (503, True)
    assert track(house.here, track_id)["status"] == "ready"
    health = httpx.get(f"{house.one.url}/health/ready")
    assert health.status_code == 200
    assert health.json()["components"]["storage"]["status"] == "down"
    house.store.start()
    wait_for(lambda: httpx.get(house.one.url + url).status_code == 200, "S3 to send again")


def leaves_nothing_of_what_is_deleted(house: House, track_id: str) -> None:
    assert house.store.keys(BUCKET)
    assert house.here.delete(f"/tracks/{track_id}").status_code == 204
    wait_for(lambda: not house.store.keys(BUCKET), "every byte to go", limit_s=120)
    assert not [process for process in house.processes if s3.SECRET in process.output()]
    copies = house.folder / "data/media/copies"
    assert list(copies.iterdir()) == []
