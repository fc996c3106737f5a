"""What strangers send: each gets a clear problem, or a failed track with a reason."""

import os
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest
from mutagen.id3 import APIC, ID3

from tests.support import sounds
from tests.support.installation import Installation
from tests.support.library import ready, stream_url, until_prepared, upload

pytestmark = pytest.mark.audio


def _not_audio(folder: Path) -> Path:
    path = folder / "letter.mp3"
    path.write_text("Dear sir or madam, this is no music at all.\n" * 50)
    return path


def _empty_wave(folder: Path) -> Path:
    path = folder / "nothing.wav"
    path.write_bytes(
        b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + struct.pack("<IHHIIHH", 16, 1, 2, 44100,
        176400, 4, 16) + b"data" + struct.pack("<I", 0)
    )  # fmt: skip
    return path


def _headless_mp4(folder: Path) -> Path:
    whole = sounds.encoded(sounds.tone(folder / "t.wav", 3), folder / "whole.m4a")
    path = folder / "cut.m4a"
    path.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    return path


def _ten_hours(folder: Path) -> Path:
    path = folder / "night.mp3"
    sounds.run(
        "-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", "36000", "-b:a", "8k", str(path)
    )
    return path


def _playlist_that_reads_files(folder: Path) -> Path:
    path = folder / "clever.m3u8"
    path.write_text("#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n")
    return path


def _picture(folder: Path) -> Path:
    path = folder / "song.flac"
    sounds.run(
        "-f",
        "lavfi",
        "-i",
        "color=red:s=64x64",
        "-frames:v",
        "1",
        "-f",
        "image2",
        str(folder / "p.png"),
    )
    path.write_bytes((folder / "p.png").read_bytes())
    return path


@pytest.mark.parametrize(
    "make",
    [
        _not_audio,
        _empty_wave,
        _headless_mp4,
        _ten_hours,
        _playlist_that_reads_files,
        _picture,
    ],
)
def test_what_cannot_be_played_fails_with_a_reason(
    user: httpx.Client, tmp_path: Path, make: Callable[[Path], Path]
) -> None:
    track = until_prepared(user, upload(user, make(tmp_path))["id"])

    assert track["status"] == "failed"
    assert track["error"].endswith(".")
    assert "Traceback" not in track["error"]
    assert "/" not in track["error"].replace("and/or", "")
    assert user.get(f"/tracks/{track['id']}/stream").status_code == 409


def test_a_lying_extension_does_not_matter(user: httpx.Client, tmp_path: Path) -> None:
    flac = sounds.encoded(sounds.tone(tmp_path / "t.wav"), tmp_path / "t.flac")

    track = until_prepared(user, upload(user, flac, "really.mp3")["id"])

    assert track["status"] == "ready"
    assert track["content_type"] == "audio/flac"


def test_a_truncated_song_plays_as_far_as_it_goes(user: httpx.Client, tmp_path: Path) -> None:
    whole = sounds.encoded(sounds.tone(tmp_path / "t.wav", 8), tmp_path / "whole.mp3")
    cut = tmp_path / "cut.mp3"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])

    track = until_prepared(user, upload(user, cut)["id"])

    assert track["status"] == "ready"
    assert track["duration_ms"] < 6000


def test_a_cover_that_is_a_bomb_is_left_out(user: httpx.Client, tmp_path: Path) -> None:
    song = sounds.encoded(sounds.tone(tmp_path / "t.wav"), tmp_path / "song.mp3")
    tags = ID3(song)
    tags.add(APIC(mime="image/png", type=3, data=_bomb(30_000)))
    tags.save(song)

    track = until_prepared(user, upload(user, song)["id"])

    assert track["status"] == "ready"
    assert track["cover"] is None


def test_a_hundred_thousand_tags_are_refused_or_survived(
    user: httpx.Client, tmp_path: Path
) -> None:
    comments = b"".join(
        struct.pack("<I", len(c)) + c for c in (b"T%d=x" % n for n in range(100_000))
    )
    body = struct.pack("<I", 4) + b"test" + struct.pack("<I", 100_000) + comments
    flac = sounds.encoded(sounds.tone(tmp_path / "t.wav"), tmp_path / "plain.flac").read_bytes()
    block = b"\x04" + len(body).to_bytes(3) + body
    path = tmp_path / "tags.flac"
    path.write_bytes(flac[:4] + flac[4:42] + block + flac[42:])

    track = until_prepared(user, upload(user, path)["id"])

    assert track["status"] in {"failed", "ready"}
    assert track["status"] == "ready" or "tags" in track["error"]


def _bomb(side: int) -> bytes:
    """A PNG of some 110 KB that takes a gigabyte to decode."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        check = zlib.crc32(kind + body)
        return len(body).to_bytes(4) + kind + body + check.to_bytes(4)

    packer = zlib.compressobj(9)
    row = bytes(1 + (side + 7) // 8)
    packed = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def test_an_empty_file_is_refused(user: httpx.Client) -> None:
    answer = user.post("/tracks", files={"file": ("empty.mp3", b"")})

    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_broken_form_leaves_nothing(installation: Installation, user: httpx.Client) -> None:
    before = _staged(installation)
    answer = user.post(
        "/tracks",
        content=b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\nabc',
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )

    assert answer.status_code == 422
    assert _staged(installation) <= before


def test_a_range_out_of_bounds_and_bad_signatures_are_told_apart(
    installation: Installation, tmp_path: Path
) -> None:
    song = sounds.tone(tmp_path / "t.wav")
    with installation.add_user() as one, installation.add_user() as other:
        mine, theirs = (stream_url(c, ready(c, song)["id"]) for c in (one, other))
    token = mine.split("/")[2]
    expiry, kid, signature = token.split(".")
    forged = f"/media/{expiry}.{kid}.{'A' * len(signature)}/" + "/".join(mine.split("/")[3:])
    foreign = f"/media/{token}/" + "/".join(theirs.split("/")[3:])
    longer = f"/media/{int(expiry) + 3600}.{kid}.{signature}/" + "/".join(mine.split("/")[3:])

    statuses = [httpx.get(installation.url + url).status_code for url in (forged, foreign, longer)]

    assert statuses == [403, 403, 403]
    assert httpx.get(installation.url + mine).status_code == 200


def test_nul_bytes_are_refused_everywhere(user: httpx.Client, tmp_path: Path) -> None:
    track_id = upload(user, sounds.tone(tmp_path / "t.wav"))["id"]

    answers = [
        user.patch(f"/tracks/{track_id}", json={"title": "a\0b"}),
        user.get("/tracks?q=%00"),
        user.get("/tracks/%00"),
    ]

    assert all(400 <= answer.status_code < 500 for answer in answers)


def test_a_full_disk_refuses_uploads_with_a_reason(
    prepare: Callable[..., Installation], tmp_path: Path
) -> None:
    wave = sounds.tone(tmp_path / "t.wav").read_bytes()
    full = prepare(BACKLINE_MIN_FREE_BYTES="900T")
    full.start()
    full.wait_until_ready()
    with full.add_user() as client:
        answer = client.post("/tracks", files={"file": ("t.wav", wave)})

    assert answer.status_code == 507
    assert "free" in answer.json()["detail"].lower() or "room" in answer.json()["detail"].lower()


def test_a_quota_is_kept(installation: Installation, tmp_path: Path) -> None:
    wave = sounds.tone(tmp_path / "t.wav").read_bytes()
    with installation.add_user() as client, installation.administrator() as admin:
        me = client.get("/users/me").json()
        admin.patch(f"/admin/users/{me['id']}", json={"quota_bytes": 1000}).raise_for_status()

        answer = client.post("/tracks", files={"file": ("t.wav", wave)})

        assert answer.status_code == 507
        assert client.get("/users/me").json()["storage"]["used_bytes"] == 0


def _staged(installation: Installation) -> int:
    folder = installation.data / "media" / "staging"
    return len(list(folder.iterdir()))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has someone to become")
def test_nothing_but_the_supervisor_runs_as_root(installation: Installation) -> None:
    children = psutil.Process(installation.pid).children(recursive=True)

    assert children
    assert "root" not in {child.username() for child in children}
