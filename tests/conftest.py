"""What all tests can ask for. Async tests and fixtures run by themselves, on uvloop, by anyio."""

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from hypothesis import HealthCheck, settings

from backline.accounts import passwords
from backline.main import migrations as all_migrations
from backline.main import program
from backline.platform.database import Database, connect
from backline.platform.database.migrating import Migration, migrate
from backline.platform.settings.options import BY_NAME
from harness.checks import parts
from tests.support.lending import Lending
from tests.support.postgres import PrivatePostgres, running

HERE = Path(__file__).parent
# These take minutes each. They begin before all others, or the last one would run on alone.
LONGEST = {"test_schemathesis.py", "test_faults.py", "test_demo.py", "test_up_life.py"}

# Each run draws the same examples, on a slow machine as well; `scripts/fuzz` draws new ones.
_ALWAYS = settings(
    database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=False
)
settings.register_profile("same", _ALWAYS, derandomize=True)
settings.register_profile("fuzz", _ALWAYS, derandomize=False, max_examples=2_000)
settings.load_profile("same")


def pytest_configure(config: pytest.Config) -> None:
    """Each part of the program has a marker, for `scripts/test PART`."""
    for part in parts():
        config.addinivalue_line("markers", f"{part}: concerns backline.{part}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest files first. Tests in a folder of a part's name concern it, some every part."""
    items.sort(key=lambda item: item.path.name not in LONGEST)
    names = parts()
    for item in items:
        folders = item.path.relative_to(HERE).parts[:-1] if HERE in item.path.parents else ()
        for name in names:
            if name in folders[:2] or item.get_closest_marker("every"):
                item.add_marker(name)


@pytest.fixture(scope="session")
def anyio_backend() -> tuple[str, dict[str, object]]:
    """One event loop as in production."""
    return "asyncio", {"use_uvloop": True}


@pytest.fixture(scope="session", autouse=True)
def usual_ports() -> Iterator[None]:
    """Somebody listens where Backline does if nobody says otherwise, as on a machine in use."""
    with ExitStack() as stack:
        for name in ("PORT", "METRICS_PORT", "WORKER_METRICS_PORT"):
            usual = stack.enter_context(socket.socket())
            with suppress(OSError):  # then somebody does already
                usual.bind(("127.0.0.1", BY_NAME[name].default))
                usual.listen()
        yield


@pytest.fixture(autouse=True)
def quick_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """To hash a password takes no time in this process, but where tests are about that."""
    if "accounts" not in request.path.parts:
        quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        monkeypatch.setattr(passwords, "_hasher", quick)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PrivatePostgres]:
    """A private PostgreSQL 18 for this test process; its durability is off."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def migrated(postgres: PrivatePostgres) -> str:
    """The name of a database with the current schema, from which others are copied."""
    name = postgres.create()
    asyncio.run(migrate(postgres.dsn(name), all_migrations()))
    return name


@pytest.fixture(scope="session")
def migrations() -> list[Migration]:
    """The program's own, in their order."""
    return all_migrations()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter, unlike `tmp_path`, which is its owner's alone."""
    with tempfile.TemporaryDirectory(prefix="backline-open-") as made:
        folder = Path(made)
        folder.chmod(0o755)
        yield folder


@pytest.fixture
def empty_dsn(postgres: PrivatePostgres) -> Iterator[str]:
    """Where a new database without any schema answers."""
    name = postgres.create()
    yield postgres.dsn(name)
    postgres.drop(name)


@pytest.fixture(scope="session")
def lending(postgres: PrivatePostgres, migrated: str) -> Lending:
    """Databases with the current schema, for one test after the other."""
    return Lending(postgres, migrated)


@pytest.fixture
def dsn(postgres: PrivatePostgres, lending: Lending) -> Iterator[str]:
    """Where a fresh migrated database answers; for tests that start processes or aren't async."""
    name = lending.lend()
    yield postgres.dsn(name)
    lending.give_back(name)


@pytest.fixture
async def database(dsn: str) -> AsyncIterator[Database]:
    """A fresh migrated database of this test's own."""
    opened = await connect(dsn)
    opened.declared = program().declared.jobs
    yield opened
    await opened.close()
