"""Folders in memory: held while they are used, cleared away after whoever was killed."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.support.quick import JUST_MADE_S, PREFIX, quick_folder

HOLDING = """
import sys, time
from pathlib import Path
from tests.support.quick import quick_folder
with quick_folder(Path(sys.argv[1]), 0) as folder:
    print(folder, flush=True)
    time.sleep(600)
"""
ROOT = Path(__file__).parents[1]


def _age(folder: Path) -> None:
    long_ago_s = time.time() - JUST_MADE_S - 1
    os.utime(folder, (long_ago_s, long_ago_s))


def test_what_a_killed_process_left_is_cleared_but_nothing_that_is_held(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDING, str(tmp_path)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        theirs = Path(other.stdout.readline().strip())
        _age(theirs.parent)
        with quick_folder(tmp_path, 0) as ours:
            held = {path.name for path in tmp_path.iterdir()}
        other.send_signal(signal.SIGKILL)
        other.wait()
    (tmp_path / f"{PREFIX}new").mkdir()
    with quick_folder(tmp_path, 0) as last:
        left = {path.name for path in tmp_path.iterdir()}

    assert held == {theirs.parent.name, ours.parent.name}
    assert left == {f"{PREFIX}new", last.parent.name}
    assert not last.exists()


def test_without_room_in_memory_it_lies_on_disk(tmp_path: Path) -> None:
    too_much = shutil.disk_usage(tmp_path).total + 1
    with quick_folder(tmp_path, too_much) as little, quick_folder(tmp_path / "none", 0) as nowhere:
        assert tmp_path not in little.parents
        assert tmp_path not in nowhere.parents
        assert little.stat().st_mode & 0o777 == 0o700
