"""The files of a Drive, and what happened to them in which order."""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from hashlib import md5, sha256
from typing import Any, Final

from msgspec import Struct

_TIME: Final = "%Y:%m:%d %H:%M:%S"


class File(Struct, frozen=True, kw_only=True):
    """A file. `taken_at` is wall time, all that Drive tells of it.

    `size_bytes` is what the list says, None for what the content comes to: a Drive may lie.
    Digests that aren't given are those of the content, if its size isn't given either. `thumbnail`
    is the small picture, None where it is the content itself.
    """

    id: str
    name: str
    content: Callable[[], bytes]
    thumbnail: Callable[[], bytes] | None = None
    changed_at: datetime
    mime_type: str = "image/jpeg"
    size_bytes: int | None = None
    md5: str = ""
    sha256: str = ""
    taken_at: datetime | None = None
    latitude: float | None = None
    longitude: float | None = None
    width_px: int = 4_032
    height_px: int = 3_024
    make: str = ""
    model: str = ""
    is_trashed: bool = False


class Change(Struct, frozen=True):
    """A file was added, changed or (with None) removed for good."""

    file_id: str
    file: File | None
    at: datetime


class Library:
    """All files by id, in the order in which they came, and all changes since it began."""

    def __init__(self, files: Iterable[File] = ()) -> None:
        self._files = {file.id: file for file in files}
        self._changes: list[Change] = []

    def get(self, file_id: str) -> File | None:
        """A file, trashed or not."""
        return self._files.get(file_id)

    def put(self, file: File) -> None:
        """Add a file or change it; in the trash it is a change as well."""
        self._files[file.id] = file
        self._changes.append(Change(file.id, file, file.changed_at))

    def remove(self, file_id: str, at: datetime) -> None:
        """Remove a file for good."""
        del self._files[file_id]
        self._changes.append(Change(file_id, None, at))

    def files(self) -> Iterator[File]:
        """All that aren't removed for good."""
        yield from self._files.values()

    @property
    def position(self) -> int:
        """How many changes there were."""
        return len(self._changes)

    def changes(self, since: int, most: int) -> list[Change]:
        """The changes from a position on, `most` at a time."""
        return self._changes[since : since + most]


def resource(file: File, *, thumbnail: str | None) -> dict[str, Any]:
    """A file as the API shows it; absent is what isn't known."""
    content = file.content() if file.size_bytes is None or not file.md5 else b""
    size = len(content) if file.size_bytes is None else file.size_bytes
    shown: dict[str, Any] = {
        "kind": "drive#file",
        "id": file.id,
        "name": file.name,
        "mimeType": file.mime_type,
        "trashed": file.is_trashed,
        "size": str(size),
        "md5Checksum": file.md5 or md5(content, usedforsecurity=False).hexdigest(),
        "createdTime": _stamp(file.changed_at),
        "modifiedTime": _stamp(file.changed_at),
    }
    if file.sha256 or content:
        shown["sha256Checksum"] = file.sha256 or sha256(content).hexdigest()
    if thumbnail is not None:
        shown["thumbnailLink"] = thumbnail
    if file.mime_type.startswith("image/"):
        shown["imageMediaMetadata"] = _image(file)
    return shown


def _image(file: File) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "width": file.width_px,
        "height": file.height_px,
        "rotation": 0,
    }
    if file.taken_at is not None:
        shown["time"] = file.taken_at.strftime(_TIME)
    if file.latitude is not None and file.longitude is not None:
        shown["location"] = {"latitude": file.latitude, "longitude": file.longitude}
    named = {"cameraMake": file.make, "cameraModel": file.model}
    return shown | {name: text for name, text in named.items() if text}


def _stamp(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.000Z")
