"""`backline concerts venues import FILE`: venues from GeoJSON or an extract of OpenStreetMap."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from backline.concerts.gazetteer import cities, importing
from backline.platform.database import Database
from backline.platform.errors import Invalid
from backline.platform.host.privileges import choose_user
from backline.platform.settings import Settings

_EVERY_S: Final = 2.0


async def run(database: Database, settings: Settings, given: Mapping[str, object]) -> str:
    """Import a file; says how far it is on standard error, and in the end what became of it.

    Raises:
        Invalid: it can't be read.
    """
    path = _file(str(given["file"]))
    user = choose_user(settings.user, settings.data_dir)
    report = await importing.take(database, path, user, _Progress().tell)
    await cities.settle(database)
    counts = f"added: {report.added:,}; changed: {report.changed:,}; as they were: {report.same:,}"
    if not report.skipped:
        return f"Venues {counts}."
    why = ", ".join(f"{reason}: {count:,}" for reason, count in sorted(report.skipped.items()))
    return f"Venues {counts}.\nLeft out: {why}."


def _file(given: str) -> Path:
    path = Path(given).absolute()
    if not path.exists():
        raise Invalid(f"There is no file {path}.")
    if not path.is_file():
        raise Invalid(f"{path} is no file.")
    return path


class _Progress:
    """Tells whoever watches, when something else is being done and now and then."""

    def __init__(self) -> None:
        self._what, self._told_s = "", 0.0

    def tell(self, what: str, seen: int) -> None:
        """Write a line, unless one was written just now."""
        now_s = time.monotonic()
        if what == self._what and now_s - self._told_s < _EVERY_S:
            return
        self._what, self._told_s = what, now_s
        sys.stderr.write(f"{what}: {seen:,} venues\n" if seen else f"{what} …\n")
        sys.stderr.flush()
