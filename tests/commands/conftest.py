"""An installation with music, running and stopped, for the commands that look after it."""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.care import backup_of, copied
from tests.support.installation import Installation, end_postgres_below, prepared
from tests.support.library import ready
from tests.support.sounds import tone

SONGS = 2


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """They start whole programs."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker("e2e")


@pytest.fixture
def prepare() -> Iterator[Callable[..., Installation]]:
    """Makes installations of the test's own, not yet started, gone at its end."""
    with ExitStack() as stack:

        def make(*options: str, from_nothing: bool = False, **environment: str) -> Installation:
            made = prepared(*options, from_nothing=from_nothing, **environment)
            stack.callback(made.clean_up)
            return made

        yield make


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A stopped installation with a user (user1@example.org) who has two ready tracks."""
    sounds = tmp_path_factory.mktemp("sounds")
    installation = prepared()
    try:
        installation.start()
        installation.wait_until_ready()
        with installation.add_user() as user:
            for number in range(SONGS):
                ready(user, tone(sounds / f"song-{number}.wav", 2 + number))
        assert installation.stop() == 0
        yield installation
    finally:
        installation.clean_up()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the service user can get through."""
    made = Path(tempfile.mkdtemp(prefix="backline-care-"))
    made.chmod(0o755)
    yield made
    end_postgres_below(made)
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture
def data(furnished: Installation, folder: Path) -> Path:
    """A copy of the stopped installation's data folder, to be harmed."""
    return copied(furnished.data, folder / "data")


@pytest.fixture(scope="session")
def kept_backup(furnished: Installation, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A whole backup of that installation; copy it before you harm it."""
    return backup_of(furnished, tmp_path_factory.mktemp("backups"))


@pytest.fixture
def backup(kept_backup: Path, tmp_path: Path) -> Path:
    """A copy of a whole backup, to be harmed."""
    return copied(kept_backup, tmp_path / kept_backup.name)


@pytest.fixture(autouse=True)
def python_where_it_was() -> Iterator[None]:
    """As root, a command may move Python's path to open folders, which no child can follow."""
    paths = list(sys.path)
    packages = {name: list(found.__path__) for name, found in _packages().items()}
    yield
    sys.path[:] = paths
    for name, found in _packages().items():
        if name in packages:
            found.__path__[:] = packages[name]


def _packages() -> dict[str, Any]:
    """Packages whose folders are a plain list; a namespace finds its own by `sys.path`."""
    loaded = dict(sys.modules)
    return {n: m for n, m in loaded.items() if isinstance(getattr(m, "__path__", None), list)}
