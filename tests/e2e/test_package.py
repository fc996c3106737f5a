"""What is published: an sdist with the front end built, and the wheel that comes from it."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

from backline import __version__
from tests.support.installation import without_settings
from tests.support.tree import ROOT, files


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _build(ROOT, "sdist", tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from the sdist as pip does it."""
    folder = tmp_path_factory.mktemp("wheel")
    with tarfile.open(sdist) as archive:
        archive.extractall(folder, filter="data")
    (tree,) = folder.iterdir()
    return _build(tree, "wheel", folder / "dist")


def test_wheel_has_all_of_the_program_and_nothing_else(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    source = {str(path.relative_to(ROOT / "src")) for path in files("src/backline/*")}
    besides = {name for name in names - source if ".dist-info/" not in name}

    assert source - names == set()
    assert "backline/_web/index.html" in besides
    assert {name for name in besides if not name.startswith("backline/_web/")} == set()


def test_wheel_from_the_sdist_needs_no_second_build_of_the_front_end(
    sdist: Path, wheel: Path
) -> None:
    with tarfile.open(sdist) as archive:
        names = [name.partition("/")[2] for name in archive.getnames()]
    built = {name.removeprefix("src/") for name in names if "backline/_web/" in name}
    shipped = {name for name in zipfile.ZipFile(wheel).namelist() if "backline/_web/" in name}

    assert built
    assert shipped == built
    assert [name for name in names if "node_modules" in name] == []


def test_installed_wheel_runs(wheel: Path, tmp_path: Path) -> None:
    venv = tmp_path / "venv"
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    (site,) = venv.glob("lib/python*/site-packages")
    # What it depends on comes from the tests' own virtualenv; the README's test installs it all.
    (site / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    _run([venv / "bin/pip", "install", "-q", "--no-deps", "--no-index", wheel], tmp_path)

    told = _run([venv / "bin/backline", "--version"], tmp_path)

    assert __version__ in told


def _build(tree: Path, kind: str, target: Path) -> Path:
    _run([sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", target], tree)
    (made,) = (path for path in target.iterdir() if path.suffix in {".gz", ".whl"})
    return made


def _run(command: list[str | Path], folder: Path) -> str:
    """What a program prints; it has to succeed, and our source isn't on its path."""
    done = subprocess.run(
        command, check=False, cwd=folder, capture_output=True, text=True, env=_environment()
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _environment() -> dict[str, str]:
    """The tests' environment without the path to our source."""
    return without_settings({k: v for k, v in os.environ.items() if k != "PYTHONPATH"})
