"""A folder with music, a server that may scan it, and somebody whose library is empty."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.platform.jobs.working import eventually
from tests.support import sounds
from tests.support.api import Api, serving_api
from tests.support.things import Person


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that may be scanned."""
    made = tmp_path / "music"
    made.mkdir()
    return made


@pytest.fixture
async def api(dsn: str, tmp_path: Path, folder: Path) -> AsyncIterator[Api]:
    async with serving_api(
        dsn, tmp_path, quiet=True, BACKLINE_MUSIC_FOLDERS=str(folder), BACKLINE_WORKERS="2"
    ) as opened:
        yield opened


@pytest.fixture(scope="session")
def tones(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten short MP3s that sound different."""
    made = tmp_path_factory.mktemp("tones")
    for n in range(10):
        wav = sounds.tone(made / f"{n}.wav", 0.5, hz=200 + 40 * n)
        sounds.encoded(wav, made / f"{n}.mp3", "-b:a", "64k")
    return made


def song(tones: Path, n: int, target: Path, **tags: str) -> Path:
    """A tagged MP3."""
    target.parent.mkdir(parents=True, exist_ok=True)
    plain = tones / f"{n}.mp3"
    if not tags:
        shutil.copy(plain, target)
        return target
    said = [word for name, value in tags.items() for word in ("-metadata", f"{name}={value}")]
    aside = target.parent / ".aside.mp3"
    sounds.run("-i", str(plain), "-c", "copy", *said, "-y", str(aside))
    aside.replace(target)
    return target


async def scan(person: Person, folder: Path) -> str:
    """The id of a scan that was begun."""
    return (await person.post("/music-scans", json={"path": str(folder)})).json()["id"]


async def scanned(person: Person, scan_id: str) -> dict[str, Any]:
    """A scan once it has ended."""
    seen: dict[str, Any] = {}

    async def is_over() -> bool:
        seen.update((await person.get(f"/music-scans/{scan_id}")).json())
        return seen["finished_at"] is not None

    await eventually(is_over)
    return seen


async def tracks(person: Person) -> dict[str, dict[str, Any]]:
    """Somebody's tracks by the names of their files."""
    listed = (await person.get("/tracks?limit=100&sort=title")).json()["items"]
    return {one["filename"]: one for one in listed}
