"""What a player plays by `hls.m3u8`: the renditions of one track, for as long as that may take.

A player can't ask for new addresses half-way through a mix of six hours, as pages and apps do. So
these are good for the length of the track and an hour more, but name the app password by which they
were asked for and not the owner, and ask each time whether that still counts.
"""

from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from backline import accounts
from backline.audio import covers, files
from backline.audio.sounds import Sound
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.media.signing import MediaSigner
from backline.platform.storage.kinds import FileKind, StoredFile

_KIND: Final = "heard"
_KEPT_S: Final = 600  # by caches on the way, who ask nobody


def folder(signer: MediaSigner, actor: Actor, sound: Sound, generation: str) -> str:
    """The address of a track's renditions, without a slash at its end."""
    where = f"{_KIND}/{actor.session_id.hex}/{sound.row.id.hex}/{generation}"
    length_s = (sound.duration_s or 0.0) + signer.lives.longest_s
    until = datetime.now(UTC) + timedelta(seconds=length_s)
    return signer.until(where, until).url


async def _resolve(database: Database, prefix: str, name: str) -> StoredFile | None:
    """A rendition of a track of whose app password it is, while that counts."""
    named = files.named_in(prefix)
    if named is None:
        return None
    password_id, track_id, generation = named
    async with database.read() as read:
        owner_id = await accounts.holder(read, password_id)
    if owner_id is None:
        return None
    file = await files.resolve(database, covers.prefix(owner_id, track_id, generation), name)
    if file is None:
        return None
    return msgspec.structs.replace(file, until=datetime.now(UTC) + timedelta(seconds=_KEPT_S))


HEARD: Final = FileKind(kind=_KIND, referenced=files.none, unknown=files.all_of, resolve=_resolve)
