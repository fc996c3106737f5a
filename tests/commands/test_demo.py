"""`backline up --demo`: samples in an empty installation, once, and never where others can come."""

import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from backline.accounts.demo import PASSWORD, PEOPLE
from backline.audio.demo import PIECES
from backline.commands.demo import DemoReport, fill
from backline.main import load, program
from backline.platform.database import Database
from backline.platform.secrets import load_or_make_secrets
from backline.platform.shared import Platform, open_platform
from tests.support.care import backline, begin
from tests.support.installation import Installation, free_port, wait_for
from tests.support.library import until_prepared
from tests.support.postgres import service_user

Prepare = Callable[..., Installation]
TRACKS = """
SELECT u.email || '/' || t.filename FROM tracks t JOIN users u ON u.id = t.owner_id ORDER BY 1
"""
TASKS = """
SELECT u.email || '/' || t.title || '/' || t.status FROM tasks t JOIN users u ON u.id = t.owner_id
ORDER BY 1
"""
TOGETHER = 10  # tasks of the project, with their subtasks
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
    async with open_platform(settings, program().declared, connections=2) as opened:
        yield opened


async def tracks(database: Database) -> list[str]:
    async with database.read() as read:
        return await read.fetch_values(TRACKS)


async def tasks(database: Database) -> list[str]:
    async with database.read() as read:
        return await read.fetch_values(TASKS)


async def test_twice_changes_nothing(platform: Platform) -> None:
    first = await fill(platform, program())
    added = await tracks(platform.database), await tasks(platform.database)

    second = await fill(platform, program())

    tasks_added = 12 * len(PEOPLE) + TOGETHER
    photos = {"photos": 42, "photos in a Drive": 9}
    together = {"projects": 1, "comments": 5, "live projects": len(PEOPLE)} | photos
    assert first == DemoReport({"tracks": len(PIECES), "tasks": tasks_added, **together})
    assert second == DemoReport(was_complete=True)
    assert added == (await tracks(platform.database), await tasks(platform.database))
    assert added[0] == EXPECTED
    assert not (platform.settings.data_dir / "demo").exists()


async def test_an_installation_in_use_is_left_alone(platform: Platform) -> None:
    async with platform.database.write() as tx:
        await tx.execute(
            "INSERT INTO users (id, email, email_key, name, password_hash) "
            "VALUES (gen_random_uuid(), 'a@b', 'a@b', 'A', '')"
        )

    report = await fill(platform, program())

    assert report.refused is not None
    assert await tracks(platform.database) == await tasks(platform.database) == []


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
    assert await tasks(database) == []

    again = backline("demo", **environ)

    assert again.returncode == 0, again.stderr
    assert "task_created" not in again.stderr
    assert set(before) <= set(EXPECTED)
    assert await tracks(database) == EXPECTED
    assert len(await tasks(database)) == 11 * len(PEOPLE) + TOGETHER, "and one each in the trash"


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
    installation = prepare("--demo", from_nothing=True)
    installation.start()
    installation.wait_until_ready()
    wait_for(
        lambda: PASSWORD in installation.log(), "the samples", limit_s=300, context=installation.log
    )

    found: list[dict[str, Any]] = []
    for person in PEOPLE:
        with installation.login(person.email, PASSWORD) as client:
            counted = client.get("/tasks/stats").json()["by_status"]
            assert set(counted) == {"todo", "doing", "done", "archived"}
            assert counted["archived"] == len(client.get("/tasks/trash").json()["items"]) == 1
            listed = client.get("/tracks").json()["items"]
            found += [until_prepared(client, track["id"]) for track in listed]

    assert sorted(track["title"] for track in found) == sorted(piece.title for piece in PIECES)
    assert {track["status"] for track in found} == {"ready"}
    assert all(track["cover"] for track in found)
