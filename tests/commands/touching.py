"""A command for tests: it tells how long a file is."""

from collections.abc import Mapping
from pathlib import Path

from backline.platform.database import Database
from backline.platform.settings import Settings


async def run(_database: Database, _settings: Settings, given: Mapping[str, object]) -> str:
    """The length of `path`."""
    return str(_length(Path(str(given["path"]))))


def _length(path: Path) -> int:
    return len(path.read_bytes())
