"""One search over everything in a library: artists, albums, tracks."""

import msgspec

from backline.audio import albums, artists, tracks
from backline.audio.albums import Album
from backline.audio.artists import Artist
from backline.audio.models import AlbumFilter, Track
from backline.platform.actor import Actor
from backline.platform.database import Read
from backline.platform.media.signing import MediaSigner


class Found(msgspec.Struct, frozen=True):
    """What has all the words, of each kind the first by name."""

    artists: list[Artist]
    albums: list[Album]
    tracks: list[Track]


async def find(read: Read, actor: Actor, signer: MediaSigner, words: str, *, limit: int) -> Found:
    """At most `limit` of each kind that have all the words, as beginnings."""
    by = await artists.page(read, actor, words=words, after=None, limit=limit)
    on = await albums.page(
        read, actor, AlbumFilter(), words=words, sort="title", after=None, limit=limit
    )
    heard = await tracks.page(read, actor, words=words, sort="title", after=None, limit=limit)
    return Found(
        artists.shown_all(by, signer), albums.shown_all(on, signer), tracks.shown_all(heard, signer)
    )
