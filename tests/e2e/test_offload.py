"""nginx as it is shipped fetches media from S3, by addresses that nobody else learns."""

import contextlib
from pathlib import Path

import httpx
import pytest

from tests.support import s3, sounds
from tests.support.installation import sign_up
from tests.support.library import ready, stream_url
from tests.support.many import Process, Proxy, client_of, environment, running, shared_folder

BUCKET = "music"

pytestmark = pytest.mark.platform


def test_nginx_sends_what_lies_in_s3(dsn: str, tmp_path: Path) -> None:
    song = sounds.encoded(sounds.tone(tmp_path / "t.wav", 5), tmp_path / "song.flac")
    data = song.read_bytes()
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(s3.running(BUCKET))
        folder = stack.enter_context(shared_folder())
        told = {
            **environment(folder, dsn),
            "BACKLINE_STORAGE_URL": store.url(BUCKET),
            "BACKLINE_MEDIA_OFFLOAD": "nginx",
            "BACKLINE_TRUSTED_PROXIES": "127.0.0.1/32",
        }
        server, worker = (Process(role, folder, told) for role in ("serve", "work"))
        proxy = Proxy(folder, [server])
        stack.enter_context(running((server, worker), proxy))
        client = stack.enter_context(client_of(proxy.url))
        sign_up(client)
        track = ready(client, song)
        url = proxy.url + stream_url(client, track["id"], quality="original")

        whole = httpx.get(url)
        validator = {"If-Range": whole.headers["ETag"]}
        part = httpx.get(url, headers={"Range": "bytes=100-199", **validator})
        known = httpx.get(url, headers={"If-None-Match": whole.headers["ETag"]})
        asked = httpx.head(url)
        too_far = httpx.get(url, headers={"Range": "bytes=999999999-"})
        manifest = httpx.get(proxy.url + stream_url(client, track["id"], quality="auto"))
        log = proxy.access_log()

    assert (whole.status_code, whole.content) == (200, data)
    assert whole.headers["Content-Type"] == "audio/flac"
    assert "attachment" in whole.headers["Content-Disposition"]
    assert "sandbox" in whole.headers["Content-Security-Policy"]
    assert not [name for name in whole.headers if name.startswith(("x-amz", "x-accel", "x-media"))]
    assert (part.status_code, part.content) == (206, data[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(data)}"
    assert (known.status_code, known.content) == (304, b"")
    assert (asked.status_code, asked.headers["Content-Length"]) == (200, str(len(data)))
    assert too_far.status_code == 416
    assert manifest.text.startswith("#EXTM3U")
    assert "X-Amz" not in log
