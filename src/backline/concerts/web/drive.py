"""HTTP for connecting a Google Drive."""

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, JSONBody

from backline.concerts.drive import connecting as connections
from backline.concerts.drive.connecting import Connecting
from backline.concerts.drive.models import Agreed, Consent, DriveState
from backline.platform.actor import Actor
from backline.platform.database import Database

_TAGS = ["photos"]


@get("/photos/drive", tags=_TAGS, summary="My Google Drive")
async def get_drive(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    connecting: NamedDependency[Connecting],
) -> DriveState:
    """How the connection stands, and what is missing for one."""
    async with database.read() as read:
        return await connections.state(read, actor, connecting)


@post(
    "/photos/drive/consent",
    status_code=200,
    tags=_TAGS,
    summary="Begin to connect a Google Drive",
    session_only=True,
)
async def begin_drive(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    connecting: NamedDependency[Connecting],
    pictures: FromQuery[bool] = False,
) -> Consent:
    """The page at Google to go to. What it leads back with counts in this session, for 15 min.

    With `pictures` it asks for permission to read pictures, besides the list of them.
    """
    async with database.write() as tx:
        return await connections.begin(tx, actor, connecting, pictures=pictures)


@post(
    "/photos/drive/connection",
    status_code=200,
    tags=_TAGS,
    summary="Connect a Google Drive",
    session_only=True,
)
async def connect_drive(
    data: JSONBody[Agreed],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    connecting: NamedDependency[Connecting],
) -> DriveState:
    """With the `code` and the `state` that Google's page led back with."""
    return await connections.finish(database, actor, data, connecting)


@delete("/photos/drive", tags=_TAGS, summary="Disconnect the Google Drive")
async def disconnect_drive(
    actor: NamedDependency[Actor], database: NamedDependency[Database]
) -> None:
    """Its key is deleted here and given back to Google. The photos that were found stay."""
    async with database.write() as tx:
        await connections.disconnect(tx, actor)


ROUTES = [get_drive, begin_drive, connect_drive, disconnect_drive]
