"""An installation of an earlier release becomes a current one by migrating."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from backline.platform.database.migrating import Migration, migrate, pending
from tests.support.schema import describe, restore

RELEASES = sorted(Path(__file__).parents[2].joinpath("releases").glob("*.sql"))


@pytest.mark.slow
@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.stem)
async def test_schema_of_a_release_migrates_to_the_current_one(
    release: Path, empty_dsn: str, dsn: str, migrations: Sequence[Migration]
) -> None:
    restore(empty_dsn, release)

    await migrate(empty_dsn, migrations)

    assert await pending(empty_dsn, migrations) == []
    assert describe(empty_dsn) == describe(dsn)
