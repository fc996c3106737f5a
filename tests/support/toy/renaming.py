"""`backline toybox rename PREFIX`: the toys' own command."""

from collections.abc import Mapping

from backline.platform.database import Database
from backline.platform.errors import Invalid
from backline.platform.settings import Settings

_RENAME = "UPDATE toys SET name = $1 || ' ' || name"


async def run(database: Database, _settings: Settings, given: Mapping[str, object]) -> str:
    """Rename all; how many."""
    prefix = str(given["prefix"])
    if not prefix.isalpha():
        raise Invalid("A word has letters alone.")
    if given["loudly"]:
        prefix = prefix.upper()
    async with database.write() as tx:
        return f"{await tx.execute(_RENAME, prefix)} toys are called otherwise now."
