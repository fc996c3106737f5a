"""`backline up --demo`: samples in an empty installation, once, and never where others can come."""

import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from backline.audio.demo import PEOPLE, PIECES
from backline.commands.demo import PASSWORD, DemoReport, fill
from backline.main import job_registry
from backline.platform.database import Database
from backline.platform.parts import Platform, open_platform
from backline.platform.secrets import load_or_make_secrets
from backline.platform.settings import load
from tests.support.care import backline, begin
from tests.support.installation import Installation, free_port, wait_for
from tests.support.library import until_prepared
from tests.support.postgres import service_user

Prepare = Callable[..., Installation]
TRACKS = """
SELECT u.email || '/' || t.filename FROM tracks t JOIN users u ON u.id = t.owner_id ORDER BY 1
"""
EXPECTED = sorted(f"{PEOPLE[piece.owner].email}/{piece.filename}" for piece in PIECES)


def environment(dsn: str, folder: Path) -> dict[str, str]:
    data = folder / "data"
    return {
        "BACKLINE_DATABASE_URL": dsn,
        "BACKLINE_DATA_DIR": str(data),
        "BACKLINE_SECRET_FILE": str(data / "secrets.json"),
        "BACKLINE_MIN_FREE_BYTES": "1",
    }


@pytest.fixture
async def platform(database: Database, tmp_path: Path) -> AsyncIterator[Platform]:
    settings = load(environment(database.dsn, tmp_path))
    settings.data_dir.mkdir()
    load_or_make_secrets(settings.secret_path)
    job_registry()
    async with open_platform(settings, connections=2) as opened:
        yield opened


async def tracks(database: Database) -> list[str]:
    async with database.read() as read:
        return await read.fetch_values(TRACKS)


async def test_twice_changes_nothing(platform: Platform) -> None:
    first = await fill(platform)
    added = await tracks(platform.database)

    second = await fill(platform)

    assert first == DemoReport(tracks_added=len(PIECES))
    assert second == DemoReport(was_complete=True)
    assert added == await tracks(platform.database) == EXPECTED
    assert not (platform.settings.data_dir / "demo").exists()


async def test_an_installation_in_use_is_left_alone(platform: Platform) -> None:
    async with platform.database.write() as tx:
        await tx.execute(
            "INSERT INTO users (id, email, email_key, name, password_hash) "
            "VALUES (gen_random_uuid(), 'a@b', 'a@b', 'A', '')"
        )

    report = await fill(platform)

    assert report.refused is not None
    assert await tracks(platform.database) == []


async def test_what_was_killed_goes_on(database: Database, folder: Path) -> None:
    environ = environment(database.dsn, folder)
    nobody = service_user()
    load_or_make_secrets(folder / "secrets.json", nobody and (nobody.pw_uid, nobody.pw_gid))
    environ["BACKLINE_SECRET_FILE"] = str(folder / "secrets.json")
    started = begin("demo", **environ)
    try:
        wait_for(lambda: any(folder.rglob("original")), "the first piece", limit_s=120)
    finally:
        started.send_signal(signal.SIGKILL)
        started.wait()
    before = await tracks(database)

    again = backline("demo", **environ)

    assert again.returncode == 0, again.stderr
    assert set(before) <= set(EXPECTED)
    assert await tracks(database) == EXPECTED


@pytest.mark.parametrize(
    "reach",
    [
        {"BACKLINE_HOST": "0.0.0.0", "BACKLINE_PUBLIC_URL": "https://music.example.org"},  # noqa: S104
        {"BACKLINE_PUBLIC_URL": "https://music.example.org"},
    ],
)
def test_a_server_for_others_gets_no_samples(folder: Path, reach: dict[str, str]) -> None:
    port = str(free_port())

    done = backline("up", "--demo", "--data", folder / "data", "--port", port, **reach)

    assert done.returncode == 1
    assert "a password that everybody knows" in done.stderr
    assert not (folder / "data").exists()


def test_people_sign_in_and_hear(prepare: Prepare) -> None:
    installation = prepare("--demo")
    installation.start()
    installation.wait_until_ready()
    wait_for(lambda: PASSWORD in installation.log(), "the samples", context=installation.log)

    found: list[dict[str, Any]] = []
    for person in PEOPLE:
        with installation.login(person.email, PASSWORD) as client:
            listed = client.get("/tracks").json()["items"]
            found += [until_prepared(client, track["id"]) for track in listed]

    assert sorted(track["title"] for track in found) == sorted(piece.title for piece in PIECES)
    assert {track["status"] for track in found} == {"ready"}
    assert all(track["cover"] for track in found)
