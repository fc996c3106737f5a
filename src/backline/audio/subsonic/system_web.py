"""About the server and whoever calls: `ping`, `getUser`, extensions, folders, the licence."""

from typing import Final

import msgspec

from backline import accounts
from backline.accounts import Mailbox
from backline.audio.subsonic.asking import Asked, Call
from backline.audio.subsonic.faults import Code, Refused
from backline.audio.subsonic.rendering import Answer
from backline.platform.errors import Forbidden, NotFound

# Some clients want one; all that somebody has is in it.
FOLDER_ID: Final = 1
_EXTENSIONS: Final = {
    "apiKeyAuthentication": [1],
    "formPost": [1],
    "indexBasedQueue": [1],
    "playbackReport": [1],
    "songLyrics": [1],
    "sonicSimilarity": [1],
    "topSongsByArtistId": [1],
    "transcodeOffset": [1],
    "transcoding": [1],
}


class Extension(msgspec.Struct, frozen=True):
    """What we can do beyond Subsonic 1.16.1."""

    name: str
    versions: list[int]


class License(msgspec.Struct, frozen=True):
    """There is nothing to pay for."""

    valid: bool = True


class MusicFolder(msgspec.Struct, frozen=True):
    """A part of the library: there is one."""

    id: int
    name: str


class MusicFolders(msgspec.Struct, frozen=True, rename="camel"):
    """All of them."""

    music_folder: list[MusicFolder]


class TokenInfo(msgspec.Struct, frozen=True):
    """Whose an API key is."""

    username: str


class User(msgspec.Struct, frozen=True, rename="camel"):
    """What whoever calls may do here."""

    username: str
    email: str
    folder: list[int]
    playlist_role: bool
    scrobbling_enabled: bool
    share_role: bool
    download_role: bool = True
    stream_role: bool = True
    cover_art_role: bool = True
    admin_role: bool = False
    settings_role: bool = False
    upload_role: bool = False
    comment_role: bool = False
    podcast_role: bool = False
    jukebox_role: bool = False
    video_conversion_role: bool = False


async def ping(_asked: Asked) -> Answer:
    """Whether the credentials count."""
    return Answer()


def extensions() -> Answer:
    """What we can do beyond Subsonic 1.16.1; strangers may know."""
    found = [Extension(name, versions) for name, versions in _EXTENSIONS.items()]
    return Answer("openSubsonicExtensions", found)


async def get_license(_asked: Asked) -> Answer:
    """It is always valid."""
    return Answer("license", License())


async def get_music_folders(_asked: Asked) -> Answer:
    """The one folder that everything is in."""
    return Answer("musicFolders", MusicFolders([MusicFolder(FOLDER_ID, "Music")]))


async def get_user(asked: Asked) -> Answer:
    """Whoever calls. Of others nothing is said."""
    mailbox = await _mailbox(asked)
    username = asked.params.text("username")
    if username.casefold() not in (mailbox.email.casefold(), asked.params.text("u", "").casefold()):
        raise Forbidden("You can ask about yourself alone.")
    may_change = asked.actor.scopes is None or "audio:write" in asked.actor.scopes
    user = User(username, mailbox.email, [FOLDER_ID], may_change, may_change, may_change)
    return Answer("user", user)


async def token_info(asked: Asked) -> Answer:
    """Whose the API key is that came."""
    if "apiKey" not in asked.params:
        raise Refused(Code.MISSING, "The parameter 'apiKey' is missing.")
    return Answer("tokenInfo", TokenInfo((await _mailbox(asked)).email))


async def username(asked: Asked) -> str:
    """Whoever calls, as they call themselves; with an API key, by their address."""
    said = asked.params.text("u", "")
    return said or (await _mailbox(asked)).email


async def _mailbox(asked: Asked) -> Mailbox:
    async with asked.platform.database.read() as read:
        mailbox = await accounts.mailbox(read, asked.actor.user_id)
    if mailbox is None:
        raise NotFound("There is no such account.")
    return mailbox


CALLS: Final = {
    "ping": Call(ping),
    "getLicense": Call(get_license),
    "getMusicFolders": Call(get_music_folders),
    "getUser": Call(get_user),
    "tokenInfo": Call(token_info),
}
