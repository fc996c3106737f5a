"""Music goes in and sound comes out, over HTTP alone."""

import os
from pathlib import Path

import httpx
import pytest

from tests.support import sounds
from tests.support.installation import Installation, wait_for
from tests.support.library import ready, stream_url, until_prepared, upload

SECONDS = 14.0

pytestmark = pytest.mark.audio


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("song")
    tone = sounds.tone(folder / "tone.wav", SECONDS)
    return sounds.encoded(
        tone, folder / "song.flac", "-metadata", "title=First sound", "-metadata", "artist=Tone"
    )


def mentions(root: Path, name: str) -> list[str]:
    """Folders below `root` with this name, while others are being removed."""
    return [path for path, folders, _ in os.walk(root / "media") if name in folders]


def test_a_file_becomes_a_track_with_its_tags(user: httpx.Client, song: Path) -> None:
    track = ready(user, song)

    assert (track["title"], track["artist"]) == ("First sound", "Tone")
    assert track["duration_ms"] == pytest.approx(SECONDS * 1000, abs=2)
    assert track["loudness"]["integrated_lufs"] < 0
    assert len(user.get(f"/tracks/{track['id']}/waveform").json()["peaks"]) > 500


@pytest.mark.parametrize("choice", [{"quality": "auto"}, {"quality": "auto", "format": "dash"}])
def test_both_manifests_play_to_the_exact_end(
    installation: Installation, user: httpx.Client, song: Path, choice: dict[str, str]
) -> None:
    track = ready(user, song)

    samples = sounds.decoded(
        "-i", installation.url + stream_url(user, track["id"], **choice), channels=1
    )

    # Behind the last sample may follow what the encoder filled its last frame up with.
    assert 0 <= len(samples) - round(SECONDS * 44_100) < 1024


@pytest.mark.parametrize("quality", ["low", "medium", "high"])
def test_each_rung_is_a_file_that_any_player_seeks_in(
    installation: Installation, user: httpx.Client, song: Path, quality: str
) -> None:
    url = installation.url + stream_url(user, ready(user, song)["id"], quality=quality)

    whole = httpx.get(url)
    part = httpx.get(url, headers={"Range": "bytes=100-199"})
    beyond = httpx.get(url, headers={"Range": f"bytes={len(whole.content)}-"})
    again = httpx.get(url, headers={"If-None-Match": whole.headers["etag"]})

    assert whole.headers["content-type"] == "audio/mp4"
    assert part.status_code == 206
    assert part.content == whole.content[100:200]
    assert beyond.status_code == 416
    assert beyond.headers["content-range"] == f"bytes */{len(whole.content)}"
    assert again.status_code == 304


def test_the_original_comes_back_byte_for_byte(
    installation: Installation, user: httpx.Client, song: Path
) -> None:
    url = installation.url + stream_url(user, ready(user, song)["id"], quality="original")

    assert httpx.get(url).content == song.read_bytes()


def test_progress_comes_live(user: httpx.Client, song: Path) -> None:
    seen: list[str] = []
    with user.stream("GET", "/events", params={"topics": "jobs,tracks"}, timeout=120) as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")
        track = upload(user, song)
        for line in lines:
            seen.append(line)
            if track["job_id"] in line and '"status":"done"' in line:
                break

    assert any('"action":"created"' in line for line in seen)
    assert any('"status":"running"' in line for line in seen)


def test_deleting_can_be_undone_and_then_removes_every_byte(
    installation: Installation, user: httpx.Client, song: Path
) -> None:
    track = ready(user, song)
    url = installation.url + stream_url(user, track["id"])

    assert user.delete(f"/tracks/{track['id']}").status_code == 204
    assert user.get(f"/tracks/{track['id']}").status_code == 404
    assert user.post(f"/tracks/{track['id']}/restore").status_code == 200
    assert httpx.get(url).status_code == 200
    assert user.delete(f"/tracks/{track['id']}").status_code == 204

    folder = track["id"].replace("-", "")
    wait_for(
        lambda: not mentions(installation.data, folder),
        "the track's files to be gone",
        limit_s=120,
    )
    assert httpx.get(url).status_code == 404
    assert user.get("/users/me").json()["storage"]["used_bytes"] == 0


def test_a_deleted_account_takes_everything_along(installation: Installation, song: Path) -> None:
    with installation.add_user() as client:
        me = client.get("/users/me").json()
        ready(client, song)

        assert client.delete("/users/me").status_code == 204

    folder = me["id"].replace("-", "")
    wait_for(
        lambda: not mentions(installation.data, folder),
        "the person's files to be gone",
        limit_s=120,
    )


def test_anothers_track_is_not_there(installation: Installation, song: Path) -> None:
    with installation.add_user() as owner, installation.add_user() as other:
        track_id = upload(owner, song)["id"]

        answers = [
            other.get(f"/tracks/{track_id}"),
            other.patch(f"/tracks/{track_id}", json={"title": "Mine"}),
            other.delete(f"/tracks/{track_id}"),
            other.post(f"/tracks/{track_id}/restore"),
            other.post(f"/tracks/{track_id}/retry"),
            other.get(f"/tracks/{track_id}/stream"),
            other.get(f"/tracks/{track_id}/waveform"),
        ]

        assert [answer.status_code for answer in answers] == [404] * len(answers)
        assert until_prepared(owner, track_id)["status"] == "ready"


def test_what_a_person_names_a_track_outlives_its_tags(user: httpx.Client, song: Path) -> None:
    track_id = upload(user, song)["id"]

    user.patch(f"/tracks/{track_id}", json={"title": "My own name", "year": None})

    assert until_prepared(user, track_id)["title"] == "My own name"
    found = user.get("/tracks", params={"q": "own na"}).json()["items"]
    assert [track["id"] for track in found] == [track_id]
