"""`backline backup`: whole, while the program runs or not, and damage is found."""

import hashlib
import os
import threading
from collections.abc import Callable
from pathlib import Path

import httpx
import msgspec
import pytest

from backline.commands.manifest import Manifest, listed, read_manifest
from tests.support.care import backline, backup_of
from tests.support.installation import Installation
from tests.support.library import ready, stream_url, upload
from tests.support.sounds import tone

Prepare = Callable[..., Installation]
QUALITIES = ("original", "low", "high")


def heard(installation: Installation, client: httpx.Client) -> dict[str, str]:
    """Title and quality of everything that plays, with what the bytes hash to."""
    found: dict[str, str] = {}
    for track in client.get("/tracks", params={"limit": 100, "sort": "created_at"}).json()["items"]:
        if track["status"] == "ready":
            for quality in QUALITIES:
                url = stream_url(client, track["id"], quality=quality)
                answer = httpx.get(f"{installation.url}{url}", timeout=60)
                assert answer.status_code == 200, answer.text
                found[f"{track['title']}/{quality}"] = hashlib.sha256(answer.content).hexdigest()
    return found


def test_a_backup_made_during_uploads_is_restored_and_plays(
    prepare: Prepare, tmp_path: Path, folder: Path
) -> None:
    installation = prepare()
    installation.start()
    installation.wait_until_ready()
    song = tone(tmp_path / "song.wav", 3)
    with installation.add_user() as user:
        ready(user, song)
        before = heard(installation, user)
        stop = threading.Event()

        def go_on() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                upload(user, song, f"more-{number}.wav")

        uploading = threading.Thread(target=go_on)
        uploading.start()
        try:
            made = backup_of(installation, folder / "backups")
        finally:
            stop.set()
            uploading.join()
    installation.stop()
    again = prepare()

    done = backline("restore", folder / "backups", "--data", again.data)

    assert done.returncode == 0, done.stderr
    assert read_manifest(made).missing == []
    again.start()
    again.wait_until_ready()
    with again.login("user1@example.org") as user:
        after = heard(again, user)
    assert len(before) == len(QUALITIES)
    assert before.items() <= after.items()
    doctor = backline("doctor", "--data", again.data, BACKLINE_PORT=str(again.port))
    assert doctor.returncode == 0, doctor.stdout


def test_a_stopped_installation_is_backed_up_and_stays_stopped(
    furnished: Installation, kept_backup: Path
) -> None:
    manifest = read_manifest(kept_backup)
    media = [entry.path for entry in listed(kept_backup)]

    assert not (furnished.data / "postgres/postmaster.pid").exists()
    assert (manifest.rows["public.users"], manifest.rows["public.tracks"]) == (1, 2)
    assert len([path for path in media if path.endswith("/original")]) == 2
    assert manifest.media_files == len(media)
    assert kept_backup.stat().st_mode & 0o777 == 0o700
    assert backline("backup", kept_backup, "--verify").returncode == 0


def flip(path: Path) -> None:
    """Change one bit in the middle."""
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)


HARM: dict[str, Callable[[Path], None]] = {
    "original": flip,
    "database.dump": flip,
    "files.jsonl": flip,
    "secrets.json": Path.unlink,
    "low.m4a": lambda path: os.truncate(path, path.stat().st_size - 1),
    "manifest.json": lambda path: path.write_text("{}"),
}


@pytest.mark.parametrize("name", HARM)
def test_damage_is_found_and_never_restored(backup: Path, folder: Path, name: str) -> None:
    harmed = next(backup.rglob(name))
    HARM[name](harmed)
    target = folder / "data"

    checked = backline("backup", backup, "--verify")
    restored = backline("restore", backup, "--data", target)

    assert (checked.returncode, restored.returncode) == (1, 1)
    assert name in checked.stderr
    assert name in restored.stderr
    assert not target.exists()


def test_a_list_of_files_that_leads_out_is_refused(backup: Path, folder: Path) -> None:
    manifest = read_manifest(backup)
    lines = (backup / "files.jsonl").read_bytes().splitlines()
    lines[0] = lines[0].replace(b'"media/', b'"media/../../', 1)
    (backup / "files.jsonl").write_bytes(b"\n".join(lines) + b"\n")
    write_manifest(backup, manifest)

    done = backline("restore", backup, "--data", folder / "data")

    assert done.returncode == 1
    assert "which no backup has" in done.stderr


def write_manifest(backup: Path, manifest: Manifest) -> None:
    """As somebody would who wants it to look right."""
    files = [
        msgspec.structs.replace(
            entry,
            size_bytes=(backup / entry.path).stat().st_size,
            sha256=hashlib.sha256((backup / entry.path).read_bytes()).hexdigest(),
        )
        for entry in manifest.files
    ]
    changed = msgspec.structs.replace(manifest, files=files)
    (backup / "manifest.json").write_bytes(msgspec.json.encode(changed))


def test_lost_and_changed_files_are_named(data: Path, tmp_path: Path) -> None:
    originals = sorted(data.rglob("original"))
    originals[0].unlink()
    flip(originals[1])

    done = backline("backup", tmp_path, "--data", data)

    assert done.returncode == 0, done.stderr
    manifest = read_manifest(Path(done.stdout.strip()))
    keys = [str(path.relative_to(data / "media/objects")) for path in originals]
    assert (manifest.missing, manifest.damaged) == ([keys[0]], [keys[1]])
    assert "Warning" in done.stderr


def test_what_a_killed_backup_left_goes_with_the_next(data: Path, tmp_path: Path) -> None:
    left = tmp_path / ".partial-x"
    (left / "media").mkdir(parents=True)

    first = backline("backup", tmp_path, "--data", data)
    second = backline("backup", tmp_path, "--data", data)

    assert (first.returncode, second.returncode) == (0, 0), first.stderr + second.stderr
    assert len({path.name for path in tmp_path.iterdir()}) == 2
    assert not left.exists()


def test_a_backup_inside_the_data_folder_is_refused(data: Path) -> None:
    done = backline("backup", data / "backups", "--data", data)

    assert done.returncode == 1
    assert "would be lost together with it" in done.stderr


def test_no_installation_no_backup(folder: Path) -> None:
    (folder / "empty").mkdir()

    done = backline("backup", folder / "b", "--data", folder / "empty")

    assert done.returncode == 1
    assert "There is no installation" in done.stderr
