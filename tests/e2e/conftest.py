"""Fixtures of the tests that start the whole program; all of them carry the marker `e2e`."""

from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from tests.e2e.browser import browser, page, phone
from tests.support.installation import Installation, prepared, running
from tests.support.world import world

__all__ = ["browser", "page", "phone", "world"]
HERE = Path(__file__).parent
LOG_LINES = 80


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Nobody has to remember the marker."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker("e2e")


@pytest.fixture(scope="session")
def installation() -> Iterator[Installation]:
    """An installation shared by tests that only use it; make a user of your own in it."""
    with running() as shared:
        yield shared


@pytest.fixture
def administrator(installation: Installation) -> Iterator[httpx.Client]:
    """A client of the shared installation's administrator."""
    with installation.administrator() as client:
        yield client


@pytest.fixture
def user(installation: Installation) -> Iterator[httpx.Client]:
    """A client of somebody new in the shared installation."""
    with installation.add_user() as client:
        yield client


@pytest.fixture
def prepare() -> Iterator[Callable[..., Installation]]:
    """Makes installations of the test's own, not yet started, gone at its end."""
    with ExitStack() as stack:

        def make(*options: str, from_nothing: bool = False, **environment: str) -> Installation:
            made = prepared(*options, from_nothing=from_nothing, **environment)
            stack.callback(made.clean_up)
            return made

        yield make


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Show what the installation printed when a test that used it failed."""
    report = yield
    used = getattr(item, "funcargs", {}).get("installation")
    if report.failed and isinstance(used, Installation):
        lines = used.log().splitlines()[-LOG_LINES:]
        report.sections.append(("backline up", "\n".join(lines)))
    return report
