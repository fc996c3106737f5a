"""What `backline up` refuses to begin with, in words that say what to do."""

import os
import pwd
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.installation import ROOT, Installation, without_settings

Prepare = Callable[..., Installation]
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root works as another user")

pytestmark = pytest.mark.supervisor


def refusal(*arguments: str, code: int = 1, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "backline", *arguments],
        env={**without_settings(os.environ), "PYTHONPATH": str(ROOT / "src"), **environment},
        check=False,
        capture_output=True,
        text=True,
        timeout=120,
        cwd="/",
    )
    assert done.returncode == code, done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def made_by(installation: Installation) -> tuple[str, ...]:
    return ("up", "--data", str(installation.data), "--port", str(installation.port))


@pytest.fixture
def used(prepare: Prepare) -> Installation:
    """An installation that was started once and ended."""
    installation = prepare()
    installation.start()
    installation.wait_until_ready()
    assert installation.stop() == 0
    return installation


def test_a_busy_port(prepare: Prepare) -> None:
    installation = prepare()
    with socket.socket() as other:
        other.bind(("127.0.0.1", installation.port))
        other.listen()

        said = refusal(*made_by(installation))

    assert f"Port {installation.port} on 127.0.0.1 can't be used" in said
    assert "--port" in said
    assert not installation.data.exists()


def test_a_folder_in_use(prepare: Prepare) -> None:
    installation = prepare()
    installation.start()
    installation.wait_until_ready()

    said = refusal("up", "--data", str(installation.data), "--port", "0" + str(free_port()))

    assert f"in use by another Backline (process {installation.pid})" in said
    assert installation.stop() == 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.mark.parametrize(("major", "advice"), [(19, "newer Backline"), (16, "backline backup")])
def test_a_database_of_another_major_version(used: Installation, major: int, advice: str) -> None:
    (used.data / "postgres/PG_VERSION").write_text(f"{major}\n")

    said = refusal(*made_by(used))

    assert f"is of PostgreSQL {major}, and this Backline has PostgreSQL 18" in said
    assert advice in said


def test_a_folder_that_is_no_cluster(prepare: Prepare) -> None:
    installation = prepare()
    (installation.data / "postgres").mkdir(parents=True)
    give_away(installation.data)

    assert "isn't a PostgreSQL data folder" in refusal(*made_by(installation))


def test_a_file_in_the_folders_place(prepare: Prepare) -> None:
    installation = prepare()
    installation.data.write_text("a file")

    assert "isn't a folder" in refusal(*made_by(installation))


@AS_ROOT
def test_a_closed_folder_above_is_named_and_not_opened(prepare: Prepare) -> None:
    installation = prepare()
    closed = installation.folder / "closed"
    closed.mkdir(0o700)
    (closed / "data").mkdir(0o755)

    said = refusal("up", "--data", str(closed / "data"), "--port", str(installation.port))

    assert f"can't enter {closed}" in said
    assert f"chmod o+x {closed}" in said
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700


@AS_ROOT
def test_a_new_folder_below_a_closed_one_is_refused(prepare: Prepare) -> None:
    installation = prepare()
    closed = installation.folder / "closed"
    closed.mkdir(0o700)

    said = refusal("up", "--data", str(closed / "data"), "--port", str(installation.port))

    assert f"can't enter {closed}" in said
    assert not (closed / "data").exists()


@AS_ROOT
def test_an_existing_folder_of_roots_is_not_given_away(prepare: Prepare) -> None:
    installation = prepare()
    installation.data.mkdir(0o755)

    said = refusal(*made_by(installation))

    assert "can't write to the data folder" in said
    assert "chown -R" in said
    assert installation.data.stat().st_uid == 0
    assert list(installation.data.iterdir()) == []


@AS_ROOT
def test_the_owner_of_a_folder_works_in_it(prepare: Prepare) -> None:
    installation = prepare()
    owner = pwd.getpwnam("daemon")
    installation.data.mkdir(0o750)
    os.chown(installation.data, owner.pw_uid, owner.pw_gid)

    installation.start()
    installation.wait_until_ready()

    assert (installation.data / "postgres").stat().st_uid == owner.pw_uid
    assert stat.S_IMODE(installation.data.stat().st_mode) == 0o750


@AS_ROOT
@pytest.mark.parametrize(
    ("user", "words"), [("no-such-user", "there is no such user"), ("root", "can't be root")]
)
def test_impossible_users(prepare: Prepare, user: str, words: str) -> None:
    assert words in refusal(*made_by(prepare()), BACKLINE_USER=user)


def test_wrong_settings_are_told_together(tmp_path: Path) -> None:
    said = refusal(
        "up", "--data", str(tmp_path / "data"), "--port", "http", code=2, BACKLINE_LOG_LEVL="debug"
    )

    assert "--port isn't a port" in said
    assert "Did you mean BACKLINE_LOG_LEVEL?" in said


def test_roles_by_hand_need_a_database(prepare: Prepare) -> None:
    data = str(prepare().data)

    assert "BACKLINE_DATABASE_URL is needed" in refusal("serve", code=2, BACKLINE_DATA_DIR=data)


def test_unknown_commands_are_usage() -> None:
    assert "usage: backline" in refusal("upp", code=2)


def give_away(folder: Path) -> None:
    """Hand a folder to the user who will work in it."""
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, nobody.pw_uid, nobody.pw_gid)


def test_a_limit_that_there_is_not(prepare: Prepare) -> None:
    said = refusal(*made_by(prepare()), BACKLINE_LIMITS="registration=3")

    assert "BACKLINE_LIMITS has no limit 'registration'. There are: " in said
    assert "register" in said
