"""What a backup says of itself, and whether that is still true: manifest, list of files, check.

A backup is a folder with `manifest.json`, `database.dump` (pg_dump's custom format),
`secrets.json`, `files.jsonl` (a line for each media file) and `media/<key>`.
"""

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from backline.commands.copying import hash_file
from backline.commands.ground import CareFault

MANIFEST: Final = "manifest.json"
LISTING: Final = "files.jsonl"
DUMP: Final = "database.dump"
SECRETS: Final = "secrets.json"
MEDIA: Final = "media"
FORMAT: Final = 1
_MANIFEST_BYTES: Final = 64 * 1024 * 1024
_NAME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ(?:-\d+)?")
_SEGMENT: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")


class Entry(msgspec.Struct, frozen=True):
    """A file of a backup: its path below the backup's folder, size, and SHA-256 in hexadecimal."""

    path: str
    size_bytes: int
    sha256: str


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup holds.

    `schema` are the migrations applied, `rows` the rows by table, `missing` the keys of files
    that rows pointed to and that were gone already, `damaged` of those that weren't any more what
    had been uploaded. `files` are all but the media, whose list is one of them. Where the media
    lie in a `bucket`, they aren't in the backup.
    """

    format: int
    made_at: datetime
    backline: str
    server_version: int
    dumped_by: str
    schema: list[str]
    rows: dict[str, int]
    media_files: int
    media_bytes: int
    missing: list[str]
    damaged: list[str]
    files: list[Entry]
    bucket: str | None = None


class Checked(msgspec.Struct, frozen=True):
    """A backup and what is wrong with it, a line each."""

    folder: Path
    manifest: Manifest
    faults: list[str]


def find_backup(folder: Path) -> Path:
    """The backup that `folder` is, or the newest of those that it holds.

    Raises:
        CareFault: there is none.
    """
    if (folder / MANIFEST).is_file():
        return folder
    names = [entry.name for entry in folder.iterdir()] if folder.is_dir() else []
    whole = [n for n in names if _NAME.fullmatch(n) and (folder / n / MANIFEST).is_file()]
    if not whole:
        raise CareFault(f"There is no backup in {folder}.")
    return folder / max(whole)


def read_manifest(folder: Path) -> Manifest:
    """What a backup says of itself.

    Raises:
        CareFault: it can't be read, or a newer Backline made it.
    """
    path = folder / MANIFEST
    try:
        with path.open("rb") as file:
            text = file.read(_MANIFEST_BYTES)
        manifest = msgspec.json.decode(text, type=Manifest)
    except OSError as fault:
        raise CareFault(f"{path} can't be read: {fault.strerror}.") from fault
    except msgspec.MsgspecError as fault:
        raise CareFault(f"{path} is damaged: {fault}. Use another backup.") from fault
    if manifest.format > FORMAT:
        raise CareFault(
            f"The backup was made by Backline {manifest.backline}, in a form that this one doesn't "
            "know. Use that version or a newer one."
        )
    return manifest


def listed(folder: Path) -> Iterator[Entry]:
    """The media files of a backup.

    Raises:
        CareFault: the list is damaged.
    """
    with (folder / LISTING).open("rb") as lines:
        for number, line in enumerate(lines, 1):
            try:
                entry = msgspec.json.decode(line, type=Entry)
                _check_path(entry.path)
            except msgspec.MsgspecError as fault:
                raise CareFault(
                    f"Line {number} of {folder / LISTING} is damaged. Use another backup."
                ) from fault
            yield entry


def verify(folder: Path, on_progress: Callable[[int, int], None]) -> Checked:
    """Read every byte of a backup and compare.

    `on_progress` is given the bytes read and the bytes that there are.

    Raises:
        CareFault: it can't even be said what should be there.
    """
    manifest = read_manifest(folder)
    total = manifest.media_bytes + sum(entry.size_bytes for entry in manifest.files)
    faults: list[str] = []
    done = count = 0
    for entry in manifest.files:
        _check_path(entry.path)
        faults += _compare(folder, entry)
        done += entry.size_bytes
        on_progress(done, total)
    if faults:
        return Checked(folder, manifest, faults)  # the list itself may be what is damaged
    for entry in listed(folder):
        faults += _compare(folder, entry)
        done += entry.size_bytes
        count += 1
        on_progress(done, total)
    if count != manifest.media_files:
        faults.append(f"{count} media files are listed, and there should be {manifest.media_files}")
    return Checked(folder, manifest, faults)


def _compare(folder: Path, entry: Entry) -> list[str]:
    try:
        seen = hash_file(folder / entry.path)
    except OSError as fault:
        return [f"{entry.path} can't be read: {fault.strerror}"]
    if seen.size_bytes != entry.size_bytes:
        return [f"{entry.path} has {seen.size_bytes} bytes instead of {entry.size_bytes}"]
    if seen.sha256 != entry.sha256:
        return [f"{entry.path} has changed: its checksum is another one"]
    return []


def _check_path(path: str) -> None:
    """Refuse what would lead out of the backup, or of the folder that it is restored to."""
    if not all(map(_SEGMENT.fullmatch, path.split("/"))):
        raise CareFault(f"The backup names a file “{path[:100]}”, which no backup has.")
