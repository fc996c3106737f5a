"""What a domain says of a kind of its stored files: the one description that all others follow.

The media room serves what it resolves, the nightly sweep removes what it doesn't know, doctor and
backup take what it refers to. Where files lie is `storage`'s business; which rows point to which
file is each domain's.
"""

import base64
import hashlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from pathlib import Path

import msgspec

from backline.platform.database import Database, Read
from backline.platform.settings import Settings


class KeptFile(msgspec.Struct, frozen=True):
    """A file that a row points to. `sha256` is the digest in hexadecimal, where it is known."""

    key: str
    size_bytes: int
    sha256: str | None = None


class Place(msgspec.Struct, frozen=True):
    """A file of a folder on the server that isn't ours; `path` is relative to `root`.

    It is read as long as its size and `mtime_ns` are what they were when it was looked at.
    """

    root: str
    path: bytes
    mtime_ns: int


class StoredFile(msgspec.Struct, frozen=True):
    """A file as a media URL opens it.

    `content_type` may be left out for what we made ourselves: it then follows from the name.
    `download_name` makes it an attachment: for what strangers uploaded. Of them only sound,
    pictures and video are called what they were found to be. Where the file itself ends before
    its URL does, `until` says when. `place` is where it lies if that isn't the storage. With
    `members` it is a ZIP of these, which lies nowhere: `key` must tell what is in it.
    """

    key: str
    size_bytes: int
    modified_at: datetime
    content_type: str | None = None
    download_name: str | None = None
    until: datetime | None = None
    place: Place | None = None
    members: "tuple[Member, ...] | None" = None

    @property
    def etag(self) -> str:
        """Strong, and the same on every replica, since a key is given one file for ever.

        Files that lie elsewhere may change: there it is of their size and time, too.
        """
        known = self.key
        if self.place is not None:
            known = f"{known} {self.size_bytes} {self.place.mtime_ns}"
        digest = hashlib.sha256(known.encode()).digest()[:16]
        return f'"{base64.urlsafe_b64encode(digest).rstrip(b"=").decode()}"'


class Member(msgspec.Struct, frozen=True):
    """A file in an archive, by its path there: segments of any letters, with slashes between."""

    name: str
    file: StoredFile


class FileKind(msgspec.Struct, frozen=True, kw_only=True):
    """The files of a domain whose keys begin with `kind`.

    referenced: every file that a row points to.
    unknown: picks from keys that lie in the storage those that no row points to.
    resolve: what a media URL of a prefix and a name may open, and until when; None where there is
        no such file (any more). Without it, no media URL opens any of them.
    places: the folders on the server in which files may lie that aren't in the storage.
    """

    kind: str
    referenced: Callable[[Read], AsyncIterator[KeptFile]]
    unknown: Callable[[Read, Sequence[str]], Awaitable[list[str]]]
    resolve: Callable[[Database, str, str], Awaitable[StoredFile | None]] | None = None
    places: Callable[[Settings], Sequence[Path]] | None = None
