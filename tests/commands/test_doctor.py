"""`backline doctor`: each fault that is planted is found, with a reason and a cure."""

import asyncio
import os
import socket
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from backline.commands.diagnosis import machine
from backline.commands.diagnosis.findings import Finding
from backline.commands.doctor import Diagnosis
from backline.commands.ground import standing
from backline.main import load
from backline.platform.database import connect
from tests.support.care import backline
from tests.support.installation import Installation

Prepare = Callable[..., Installation]
LONG_AGO_S = 1_000_000_000.0
DEAD_JOB = """
INSERT INTO jobs (id, kind, payload, state, max_attempts, error, finished_at)
VALUES (gen_random_uuid(), 'audio.render', '{}', 'dead', 1, 'The file is no music.', now())
"""
NEWER = "INSERT INTO schema_migrations (package, name, sha256) VALUES ('audio', '9999_newer', '')"
OLDER = "DELETE FROM schema_migrations WHERE (package, name) = ('audio', '0002_uploads')"


def examine(data: Path, **more: str) -> tuple[int, list[Finding]]:
    """The exit code, and the findings that aren't ok."""
    done = backline("doctor", "--json", "--data", data, **more)
    diagnosis = msgspec.json.decode(done.stdout, type=Diagnosis)
    return done.returncode, [one for one in diagnosis.findings if one.level != "ok"]


def execute(data: Path, statement: str) -> None:
    """Change something in the database of a stopped installation."""

    async def run(dsn: str) -> None:
        database = await connect(dsn, max_size=1)
        async with database.write() as tx:
            await tx.execute(statement)
        await database.close()

    with standing(load({"BACKLINE_DATA_DIR": str(data)})) as ground:
        asyncio.run(run(ground.dsn))


def original_of(data: Path) -> Path:
    return min(data.rglob("original"))


def leave_over(data: Path) -> None:
    """A file of a track that never was."""
    parts = original_of(data).parts
    stranger = data / "media/objects/tracks" / parts[-4] / ("0" * 32) / "source/original"
    stranger.parent.mkdir(parents=True)
    stranger.write_bytes(b"x")
    os.utime(stranger, (LONG_AGO_S, LONG_AGO_S))


PLANTED: dict[str, tuple[Callable[[Path], object], str, str, str]] = {
    "a lost file": (
        lambda data: original_of(data).unlink(),
        "fault",
        "files",
        "1 files that the database points to are missing",
    ),
    "a cut file": (
        lambda data: os.truncate(original_of(data), 10),
        "fault",
        "files",
        "1 files have another size",
    ),
    "a file too many": (leave_over, "warning", "files", "nothing points to"),
    "an open secret": (
        lambda data: (data / "secrets.json").chmod(0o644),
        "fault",
        "secret",
        "can't be used",
    ),
    "an open folder": (lambda data: data.chmod(0o755), "warning", "folder", "may look into"),
    "a restore cut off": (
        lambda data: (data / ".restoring").touch(),
        "fault",
        "folder",
        "was cut off",
    ),
    "another major version": (
        lambda data: (data / "postgres/PG_VERSION").write_text("17\n"),
        "fault",
        "database",
        "can't be used",
    ),
    "a dead job": (
        lambda data: execute(data, DEAD_JOB),
        "warning",
        "jobs",
        "1 jobs of kind audio.render have failed",
    ),
    "a newer schema": (lambda data: execute(data, NEWER), "fault", "schema", "newer Backline"),
    "an older schema": (lambda data: execute(data, OLDER), "warning", "schema", "0002_uploads"),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_is_found(data: Path, planted: str) -> None:
    plant, level, check, what = PLANTED[planted]
    plant(data)

    code, found = examine(data)

    assert [(one.level, one.check) for one in found] == [(level, check)]
    assert what in found[0].what
    assert found[0].why
    assert found[0].mend
    assert code == (1 if level == "fault" else 0)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_foreign_owner_is_found(data: Path) -> None:
    os.chown(data / "secrets.json", 0, 0)

    code, found = examine(data)

    assert code == 1
    assert "secrets.json" in found[0].what
    assert "belongs to root" in found[0].what
    assert found[0].mend.startswith("chown -R ")


def test_a_full_disk_is_found(data: Path) -> None:
    code, found = examine(data, BACKLINE_MIN_FREE_BYTES="900T")

    assert (code, [one.check for one in found]) == (1, ["room"])


def test_a_busy_port_is_found(data: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        # It answers nothing, and the doctor mustn't wait for it for ever.
        code, found = examine(data, BACKLINE_PORT=str(other.getsockname()[1]))

    assert (code, [one.check for one in found]) == (1, ["port"])
    assert "used by another program" in found[0].what


def test_all_faults_of_settings_are_told(data: Path) -> None:
    code, found = examine(data, BACKLINE_PORT="many", BACKLINE_WORKERS="0")

    assert (code, [one.check for one in found]) == (1, ["settings", "settings"])


def test_an_ffmpeg_that_is_none_is_found(data: Path) -> None:
    code, found = examine(data, BACKLINE_FFMPEG="/bin/false")

    assert (code, [one.check for one in found]) == (1, ["ffmpeg"])


def test_missing_pages_are_found(tmp_path: Path) -> None:
    assert machine.pages(tmp_path).level == "fault"


def test_packages_that_do_not_fit_are_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    about = tmp_path / "odd_one-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: odd-one\nVersion: 1.0\n"
        "Requires-Dist: pytest>=999\nRequires-Dist: no-such-package>=1\nRequires-Dist: httpx>=0.1\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    found = machine.packages("odd-one")

    assert found.level == "fault"
    assert "pytest is " in found.what
    assert "no-such-package is missing" in found.what
    assert "httpx" not in found.what


def test_a_new_machine_is_well(folder: Path) -> None:
    assert examine(folder / "data") == (0, [])
    assert not (folder / "data").exists()


def test_a_running_installation_is_well(prepare: Prepare) -> None:
    installation = prepare()
    installation.start()
    installation.wait_until_ready()

    # This shell doesn't know at which port it was started.
    done = backline("doctor", "--data", installation.data)

    assert done.returncode == 0, done.stdout
    assert f"It runs (process {installation.pid})" in done.stdout
    assert "The server answers and is ok" in done.stdout

    installation.stop()
    stopped = backline("doctor", "--data", installation.data)

    assert stopped.returncode == 0, stopped.stdout
    assert "It doesn't run" in stopped.stdout


def test_another_backline_at_the_port_of_a_stopped_one_is_found(
    prepare: Prepare, data: Path
) -> None:
    other = prepare()
    other.start()
    other.wait_until_ready()

    code, found = examine(data, BACKLINE_PORT=str(other.port))

    assert (code, [one.check for one in found]) == (1, ["port"])
    assert "used by another program" in found[0].what
