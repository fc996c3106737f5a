"""`backline audio scan FOLDER`: a folder on the server goes into somebody's library."""

from collections.abc import Mapping
from pathlib import Path

from backline import accounts
from backline.audio.folders import scans
from backline.audio.options import AudioOptions
from backline.platform.database import Database
from backline.platform.errors import NotFound
from backline.platform.settings import Settings


async def run(database: Database, settings: Settings, given: Mapping[str, object]) -> str:
    """Begin a scan; a worker does it, at once or as soon as Backline runs.

    Raises:
        NotFound: there is no such account.
        Invalid: the folder isn't one that may be scanned.
        Conflict: a scan of it is under way.
    """
    email = given["owner"]
    async with database.write() as tx:
        owner = await accounts.known_by(tx, str(email) if email is not None else None)
        if owner is None:
            raise NotFound("There is no such account.")
        folders = settings.of(AudioOptions).music_folders
        scan = await scans.start(tx, owner.id, _absolute(given["folder"]), folders)
    return (
        f"{scan.path} is scanned for {owner.email}, as soon as Backline runs. How far it is stands "
        "in the library, under Folders."
    )


def _absolute(given: object) -> str:
    return str(Path(str(given)).absolute())
