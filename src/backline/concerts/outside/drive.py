"""Google Drive v3 on behalf of one person: lists with time and place, changes, pictures.

What it says is passed on unjudged.
"""

import re
from collections.abc import Mapping
from typing import BinaryIO, Final, TypeVar

import msgspec

from backline.concerts.outside.drive_asking import (
    FIRST_PAUSE_S,
    PICTURES,
    REST_S,
    Asking,
    LinkEnded,
    judge_file,
    judge_link,
    judge_list,
)
from backline.concerts.outside.google import Google
from backline.platform.jobs import Later
from backline.platform.outside.client import Call, Reply

T = TypeVar("T")
PAGE: Final = 1_000

_IMAGES: Final = "mimeType contains 'image/' and trashed=false"
_FILE: Final = (
    "id,name,mimeType,size,md5Checksum,sha256Checksum,modifiedTime,trashed,thumbnailLink,"
    "imageMediaMetadata(time,location,width,height,rotation,cameraMake,cameraModel)"
)
LIST_FIELDS: Final = f"nextPageToken,files({_FILE})"
_CHANGE: Final = f"changeType,fileId,removed,file({_FILE})"
_CHANGES: Final = f"nextPageToken,newStartPageToken,changes({_CHANGE})"
_ABOUT: Final = "user(displayName,emailAddress,permissionId)"
PICTURE_PX: Final = 320
_SIZE: Final = re.compile(r"=s\d{1,4}$")
_MOST_PICTURE: Final = 2 * 1024 * 1024


class About(msgspec.Struct, frozen=True):
    """Whose Drive it is."""

    id: str
    address: str
    name: str


class Page(msgspec.Struct, frozen=True):
    """A page of files as Google gives it, each unread; `following` is the next page's token."""

    files: list[msgspec.Raw]
    following: str | None


class Change(msgspec.Struct, frozen=True):
    """What happened to a file: it went, or is now as `file` says, unread."""

    file_id: str
    is_gone: bool
    file: msgspec.Raw | None


class Changes(msgspec.Struct, frozen=True):
    """A page of changes; `following` is where to go on, `is_last` whether that is for later."""

    changes: list[Change]
    following: str
    is_last: bool


_NOTHING: Final = msgspec.Raw(b"")


class _Files(msgspec.Struct):
    files: list[msgspec.Raw] = []
    nextPageToken: str | None = None  # noqa: N815  # theirs, as in what follows


class _Change(msgspec.Struct):
    changeType: object = "file"  # noqa: N815
    fileId: object = ""  # noqa: N815
    removed: object = False
    file: msgspec.Raw = _NOTHING


class _Changes(msgspec.Struct):
    changes: list[_Change] = []
    nextPageToken: str | None = None  # noqa: N815
    newStartPageToken: str | None = None  # noqa: N815


class _Start(msgspec.Struct):
    startPageToken: str  # noqa: N815


class _User(msgspec.Struct):
    permissionId: str  # noqa: N815
    emailAddress: str = ""  # noqa: N815
    displayName: str = ""  # noqa: N815


class _About(msgspec.Struct):
    user: _User


class _Linked(msgspec.Struct):
    thumbnailLink: str | None = None  # noqa: N815


class Drive:
    """One person's Drive, by their refresh token. Raises `google.Ended` where that has ended."""

    def __init__(self, google: Google, token: str, *, first_pause_s: float = FIRST_PAUSE_S) -> None:
        self._asking = Asking(google, token, first_pause_s)

    def __repr__(self) -> str:
        return "Drive(…)"

    @property
    def scopes(self) -> frozenset[str]:
        """What Google last said that the token is good for; nothing where it hasn't been asked."""
        return self._asking.scopes

    async def about(self) -> About:
        """Whose it is.

        Raises:
            Later, GiveUp, NotAllowed, Ended, Misset: as for every request.
        """
        user = (await self._get("about", {"fields": _ABOUT}, _About)).user
        return About(user.permissionId, user.emailAddress, user.displayName)

    async def start_token(self) -> str:
        """Where changes begin from now on."""
        return (await self._get("changes/startPageToken", {}, _Start)).startPageToken

    async def page(self, token: str | None) -> Page:
        """A page of all pictures: the first, or that of a token.

        Raises:
            Rejected: the token counts no more.
        """
        query = {"q": _IMAGES, "pageSize": str(PAGE), "fields": LIST_FIELDS, "spaces": "drive"}
        found = await self._get("files", query | ({"pageToken": token} if token else {}), _Files)
        return Page(found.files[:PAGE], found.nextPageToken or None)

    async def changes(self, token: str) -> Changes:
        """What happened since a token.

        Raises:
            Rejected: it counts no more.
        """
        query = {"pageToken": token, "pageSize": str(PAGE), "fields": _CHANGES, "spaces": "drive"}
        found = await self._get("changes", query, _Changes)
        following = found.nextPageToken or found.newStartPageToken
        if not following:
            raise Later("Google Drive doesn't say where its changes go on.", after_s=REST_S)
        changes = [
            Change(one.fileId, one.removed is True, one.file if bytes(one.file) else None)
            for one in found.changes[:PAGE]
            if one.changeType == "file" and isinstance(one.fileId, str)
        ]
        return Changes(changes, following, not found.nextPageToken)

    async def link(self, remote_id: str) -> str | None:
        """A link to a file's small picture, good for hours; None where there is none.

        Raises:
            Withheld: the file is gone, or isn't given.
            Unreadable: no picture may be read.
        """
        call = Call("GET", self._file(remote_id), {"fields": "thumbnailLink"})
        return self._decoded(await self._asking.ask(call, judge_file), _Linked).thumbnailLink

    async def picture(self, link: str) -> bytes:
        """The small picture that a link leads to, at most `PICTURE_PX` wide and high.

        Raises:
            LinkEnded: it leads to nothing any more, or to where nothing is asked for.
        """
        if not self._asking.google.addresses.holds(link):
            raise LinkEnded("elsewhere")
        sized = _SIZE.sub(f"=s{PICTURE_PX}", link)
        call = Call("GET", sized, most_bytes=_MOST_PICTURE)
        return (await self._asking.ask(call, judge_link, PICTURES)).body

    async def original(self, remote_id: str, into: BinaryIO, most_bytes: int) -> None:
        """Write a file's bytes; what breaks off goes on where it was.

        Raises:
            Withheld: the file is gone, or isn't given.
            Unreadable: no file may be read.
        """
        call = Call("GET", self._file(remote_id), {"alt": "media"}, most_bytes=most_bytes)
        await self._asking.ask(call, judge_file, into=into)

    def _file(self, remote_id: str) -> str:
        return f"{self._asking.google.addresses.drive}/files/{remote_id}"

    async def _get(self, path: str, query: Mapping[str, str], shape: type[T]) -> T:
        call = Call("GET", f"{self._asking.google.addresses.drive}/{path}", query)
        return self._decoded(await self._asking.ask(call, judge_list), shape)

    def _decoded(self, reply: Reply, shape: type[T]) -> T:
        try:
            return msgspec.json.decode(reply.body, type=shape)
        except (msgspec.DecodeError, UnicodeDecodeError) as fault:
            reason = "Google Drive answers with something that can't be read."
            raise Later(reason, after_s=REST_S) from fault
