"""A scan whose worker is killed again and again: each track once, and none is missing."""

import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support import sounds
from tests.support.care import backline
from tests.support.chance import chance
from tests.support.installation import Installation, wait_for

pytestmark = [pytest.mark.chaos, pytest.mark.audio, pytest.mark.draws]
COUNT, KILLS, SOUNDS = 1_500, 3, 5


def worker_of(installation: Installation) -> psutil.Process | None:
    children = psutil.Process(installation.pid).children(recursive=True)
    found = [one for one in children if "work" in one.cmdline()]
    return found[0] if found else None


def scan_of(client: httpx.Client, scan_id: str) -> dict[str, int | str]:
    return client.get(f"/music-scans/{scan_id}").raise_for_status().json()


def fill(folder: Path) -> None:
    """Many files; some of the same bytes, which are tracks of their own."""
    folder.mkdir()
    for n in range(SOUNDS):
        wav = sounds.tone(folder.parent / f"{n}.wav", 0.3, hz=300 + 50 * n)
        sounds.encoded(wav, folder.parent / f"{n}.mp3", "-b:a", "64k")
    for n in range(COUNT):
        target = folder / f"{n % 7}" / f"{n}.mp3"
        target.parent.mkdir(exist_ok=True)
        shutil.copy(folder.parent / f"{n % SOUNDS}.mp3", target)


def test_a_scan_goes_on_where_its_worker_was_killed(
    prepare: Callable[..., Installation],
) -> None:
    installation = prepare()
    folder = installation.folder / "music"
    fill(folder)
    installation.set(BACKLINE_MUSIC_FOLDERS=str(folder))
    installation.start()
    installation.wait_until_ready()
    draw = chance()
    with installation.add_user() as client:
        made = client.post("/music-scans", json={"path": str(folder)})
        scan_id = made.raise_for_status().json()["id"]
        for _ in range(KILLS):
            done = int(scan_of(client, scan_id)["done"])
            target = done + draw.randrange(1, 300)

            def is_there(target: int = target) -> bool:
                seen = scan_of(client, scan_id)
                far = int(seen["done"]) >= min(target, COUNT)
                return far and worker_of(installation) is not None

            wait_for(is_there, f"{target} files", limit_s=120)
            worker = worker_of(installation)
            assert worker is not None
            worker.send_signal(signal.SIGKILL)
        wait_for(lambda: scan_of(client, scan_id)["finished_at"], "the scan's end", limit_s=240)

        seen = scan_of(client, scan_id)
        names: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            query = {"limit": 100, **({"cursor": cursor} if cursor else {})}
            page = client.get("/tracks", params=query).json()
            names += [one["filename"] for one in page["items"]]
            cursor = page["next_cursor"]

    assert (seen["state"], seen["done"], seen["added"], seen["failed"]) == ("done", COUNT, COUNT, 0)
    assert sorted(names) == sorted(f"{n}.mp3" for n in range(COUNT))


def scan(
    installation: Installation, folder: Path, email: str
) -> "subprocess.CompletedProcess[str]":
    """The command, as an operator types it."""
    opened = {"BACKLINE_MUSIC_FOLDERS": str(installation.folder / "music")}
    where = ("--owner", email, "--data", installation.data)
    return backline("audio", "scan", folder, *where, **opened)


def test_a_folder_is_scanned_by_the_command(prepare: Callable[..., Installation]) -> None:
    installation = prepare()
    folder = installation.folder / "music"
    folder.mkdir()
    sounds.tone(folder / "a.wav", 0.3)
    installation.set(BACKLINE_MUSIC_FOLDERS=str(folder))
    installation.start()
    installation.wait_until_ready()
    with installation.add_user() as client:
        email = client.get("/users/me").json()["email"]
        said = scan(installation, folder, email)
        nobody = scan(installation, folder, "no@example.org")
        closed = scan(installation, Path("/etc"), email)

        def is_there() -> bool:
            return len(client.get("/tracks").json()["items"]) == 1

        wait_for(is_there, "the track", limit_s=120)

    assert said.returncode == 0, said.stderr
    assert str(folder) in said.stdout
    assert nobody.returncode != 0
    assert "no such account" in nobody.stderr
    assert closed.returncode != 0
    assert "BACKLINE_MUSIC_FOLDERS" in closed.stderr
