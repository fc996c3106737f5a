"""HTTP for what is taken along: the links of albums and playlists as ZIPs."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from backline.audio import downloads
from backline.audio.downloads import Download
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.media.signing import MediaSigner

_TAGS = ["audio"]


@get("/albums/{album_id:uuid}/download", tags=_TAGS, summary="An album to take along")
async def download_album(
    album_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Download:
    """A URL of its originals as a ZIP, `Artist - Album/01 Title.flac`; until `expires_at`.

    Its length is known before, and any range of it can be asked for.
    """
    async with database.read() as read:
        return await downloads.album(read, actor, signer, album_id)


@get("/playlists/{playlist_id:uuid}/download", tags=_TAGS, summary="A playlist to take along")
async def download_playlist(
    playlist_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Download:
    """A URL of a ZIP: of my tracks the originals, of others' the high quality."""
    async with database.read() as read:
        return await downloads.playlist(read, actor, signer, playlist_id)


ROUTES = [download_album, download_playlist]
