"""Backup and restore with a database of one's own, and what is purged while a backup is made."""

import asyncio
import hashlib
from pathlib import Path

import pytest

from backline.audio import tracks
from backline.audio.tracks import Source
from backline.commands import backup, tools
from backline.commands.backup import _Copies, _look
from backline.commands.ground import Ground, own_bin
from backline.commands.manifest import read_manifest
from backline.main import load, program
from backline.platform.database import Database
from backline.platform.ids import uuid7
from backline.platform.secrets import load_or_make_secrets
from tests.support.care import backline
from tests.support.postgres import PrivatePostgres, service_user

SONG = b"not really a song"


@pytest.fixture
def ground(database: Database, folder: Path) -> Ground:
    """An installation with an external database, as its commands see it."""
    environ = environment(database.dsn, folder)
    settings = load(environ)
    settings.media_dir.mkdir(parents=True)
    owner = service_user()
    load_or_make_secrets(settings.secret_path, owner and (owner.pw_uid, owner.pw_gid))
    return Ground(settings, None, database.dsn, own_bin(), None, is_running=True)


def environment(dsn: str, folder: Path) -> dict[str, str]:
    return {
        "BACKLINE_DATABASE_URL": dsn,
        "BACKLINE_DATA_DIR": str(folder / "data"),
        "BACKLINE_SECRET_FILE": str(folder / "secret.json"),
    }


async def add_song(database: Database, ground: Ground) -> str:
    """A track with its original; its key."""
    database.declared = program().declared.jobs
    owner_id, track_id = uuid7(), uuid7()
    key = tracks.original_key(owner_id, track_id)
    path = ground.objects / key
    path.parent.mkdir(parents=True)
    path.write_bytes(SONG)
    async with database.write() as tx:
        source = Source("song.wav", len(SONG), hashlib.sha256(SONG).digest())
        await tracks.add(tx, owner_id, track_id, source)
    return key


async def test_what_is_purged_meanwhile_is_not_missed(
    database: Database, ground: Ground, tmp_path: Path
) -> None:
    kept, purged = await add_song(database, ground), await add_song(database, ground)
    (tmp_path / "media").mkdir()
    with (tmp_path / "files.jsonl").open("ab") as listing:
        copies = _Copies(ground, tmp_path, listing.fileno())
        await _look(ground, tmp_path, is_dumping=True)
        # As a purge does it: first the row, then the file.
        async with database.write() as tx:
            await tx.execute("DELETE FROM tracks WHERE owner_id = $1::text::uuid", _owner(purged))
        (ground.objects / purged).unlink()

        first = copies.take_wanted(0)
        await _look(ground, tmp_path, is_dumping=True)
        second = copies.take_wanted(0)

    assert (first, second) == ({purged}, set())
    assert (tmp_path / "media" / kept).read_bytes() == SONG
    assert copies.damaged == set()


def _owner(key: str) -> str:
    return key.split("/")[1]


async def test_an_external_database_goes_there_and_back(
    database: Database, ground: Ground, folder: Path, postgres: PrivatePostgres
) -> None:
    key = await add_song(database, ground)
    made, manifest = await asyncio.to_thread(backup.make, ground, folder)
    name = await asyncio.to_thread(postgres.create)
    other = folder / "other"
    environ = environment(postgres.dsn(name), other)
    environ["BACKLINE_SECRET_FILE"] = environment("", folder)["BACKLINE_SECRET_FILE"]

    done = await asyncio.to_thread(backline, "restore", made, **environ)
    again = await asyncio.to_thread(
        backline, "restore", made, "--data", other / "second", **environ
    )

    assert done.returncode == 0, done.stderr
    assert (other / "data/media/objects" / key).read_bytes() == SONG
    assert read_manifest(made) == manifest
    assert again.returncode == 1
    assert "isn't empty" in again.stderr
    doctor = await asyncio.to_thread(backline, "doctor", **environ)
    assert "All 1 files that the database points to are there" in doctor.stdout
    await asyncio.to_thread(postgres.drop, name)


@pytest.mark.parametrize(
    ("address", "bare", "password"),
    [
        ("postgresql://a:s%40c@h:5432/d", "postgresql://a@h:5432/d", "s@c"),
        ("postgresql://a@h/d?sslmode=require", "postgresql://a@h/d?sslmode=require", None),
        ("postgresql://a@/d?host=/s&password=x", "postgresql://a@/d?host=/s", "x"),
    ],
)
def test_no_password_among_arguments(address: str, bare: str, password: str | None) -> None:
    assert tools.split_password(address) == (bare, password)


@pytest.mark.parametrize(
    ("said", "major"),
    [("pg_dump (PostgreSQL) 18.4", 18), ("pg_dump (PostgreSQL) 17beta1 (Debian)", 17), ("", 0)],
)
def test_versions_are_read(said: str, major: int) -> None:
    assert tools.major_of(said) == major
