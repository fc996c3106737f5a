"""`backline restore`: into an empty folder or not at all."""

import shutil
import signal
from pathlib import Path

import msgspec

from backline.commands.manifest import read_manifest
from tests.support.care import backline, begin
from tests.support.installation import end_postgres_below, free_port, wait_for


def test_a_folder_with_anything_in_it_is_refused(backup: Path, folder: Path) -> None:
    target = folder / "data"
    target.mkdir()
    target.chmod(0o777)
    (target / "letter").write_text("dear Ada")

    done = backline("restore", backup, "--data", target)

    assert done.returncode == 1
    assert "isn't empty" in done.stderr
    assert (target / "letter").read_text() == "dear Ada"


def test_a_backup_of_a_newer_program_is_refused(backup: Path, folder: Path) -> None:
    manifest = read_manifest(backup)
    newer = msgspec.structs.replace(manifest, schema=[*manifest.schema, "audio/9999_newer"])
    (backup / "manifest.json").write_bytes(msgspec.json.encode(newer))

    done = backline("restore", backup, "--data", folder / "data")

    assert done.returncode == 1
    assert "audio/9999_newer" in done.stderr


def cut_off(backup: Path, target: Path) -> None:
    """Kill a restore in the middle; where it was faster, once more."""
    for _ in range(20):
        restoring = begin("restore", backup, "--data", target)
        try:
            wait_for((target / "postgres").exists, "the database to be made")
        finally:
            restoring.send_signal(signal.SIGKILL)
            restoring.wait()
        if (target / ".restoring").exists():
            return
        end_postgres_below(target)
        shutil.rmtree(target)
    raise AssertionError("it was never cut off")


def test_a_killed_restore_is_no_installation_and_begins_anew(backup: Path, folder: Path) -> None:
    target, port = folder / "data", str(free_port())
    cut_off(backup, target)

    started = backline("up", "--data", target, "--port", port)
    saved = backline("backup", folder / "backups", "--data", target)
    again = backline("restore", backup, "--data", target)

    assert (started.returncode, saved.returncode) == (1, 1)
    assert "was cut off" in started.stderr
    assert "was cut off" in saved.stderr
    assert again.returncode == 0, again.stderr
    assert "people: 1, tracks: 2," in again.stderr
    assert " tasks: 0," in again.stderr
    assert not (target / ".restoring").exists()
    assert len(list(target.rglob("original"))) == 2


def test_a_restore_that_is_ended_leaves_an_empty_folder(backup: Path, folder: Path) -> None:
    target = folder / "data"
    restoring = begin("restore", backup, "--data", target)
    try:
        wait_for((target / "postgres").exists, "the database to be made")
    finally:
        restoring.send_signal(signal.SIGTERM)
        code = restoring.wait(60)

    assert code in (0, 130)
    left = {path.name for path in target.iterdir()}
    assert left == {"lock"} if code == 130 else "postgres" in left


def test_no_backup_is_said(folder: Path) -> None:
    done = backline("restore", folder, "--data", folder / "data")

    assert done.returncode == 1
    assert "There is no backup" in done.stderr
