"""A page of a Drive's list, made true in one transaction."""

from collections.abc import Sequence
from uuid import UUID

import msgspec
from msgspec.structs import replace

from backline.concerts import photos
from backline.concerts.drive import files_sql as sql
from backline.concerts.drive.files_sql import KnownFile, ListedFile, ListedPhoto
from backline.concerts.drive.reading import Listed
from backline.concerts.sql import processed
from backline.concerts.sql.scans import ScanRow
from backline.platform.database import Write
from backline.platform.ids import uuid7

_AT_ONCE = 1_000


class PageTally(msgspec.Struct, frozen=True):
    """What a page adds to a scan's figures; `looked` is new or has changed."""

    found: int = 0
    looked: int = 0
    added: int = 0
    known: int = 0


class _Sorted:
    """What becomes of the files of a page."""

    def __init__(self) -> None:
        self.unchanged: list[Listed] = []
        self.files: list[ListedFile] = []
        self.new: list[ListedPhoto] = []
        self.changed: list[ListedPhoto] = []
        self.replaced: list[UUID] = []
        self.known = 0


async def write_page(
    tx: Write, row: ScanRow, listed: Sequence[Listed], listing: UUID | None
) -> PageTally:
    """Write what a page tells; `listing` is the whole list that it is of.

    The scan is locked, so nobody else writes of its files. What is as it was is left alone, and
    files of the same bytes are one photo.
    """
    ids = (row.owner_id, row.source_id)
    before = await sql.known(tx, *ids, [one.id for one in listed])
    others = [one for one in listed if not _is_as_it_was(one, before.get(one.id))]
    same = await sql.same(tx, *ids, others)
    there = await sql.there(tx, row.owner_id, _doubtful(others, before, same))
    found = _sorted(listed, before, same, there)
    await sql.add(tx, *ids, found.new)
    await sql.refresh(tx, *ids, found.changed)
    await sql.note(tx, *ids, listing, found.files)
    if listing is not None:
        await sql.see(tx, *ids, listing, found.unchanged)
    gone = await processed.drop_replaced(tx, row.owner_id, found.replaced)
    if found.new:
        await photos.tell(tx, row.owner_id, [one.id for one in found.new], "created")
    if found.changed:
        await photos.tell(tx, row.owner_id, [one.id for one in found.changed], "updated")
    if gone:
        await photos.tell(tx, row.owner_id, gone, "deleted")
    return PageTally(len(listed), len(found.files), len(found.new), found.known)


async def remove(tx: Write, row: ScanRow, ids: list[UUID]) -> None:
    """Hide the photos of files that have gone, but for starred ones and those kept here."""
    await _hide(tx, row, await sql.drop(tx, row.owner_id, row.source_id, ids))


async def remove_unseen(tx: Write, row: ScanRow, listing: UUID) -> bool:
    """As `remove`, some of the files that a whole list hasn't told of; whether there are more."""
    ids = (row.owner_id, row.source_id)
    count, was = await sql.drop_unseen(tx, *ids, listing, _AT_ONCE)
    await _hide(tx, row, was)
    return count == _AT_ONCE


async def _hide(tx: Write, row: ScanRow, was: list[UUID]) -> None:
    gone = await processed.drop_replaced(tx, row.owner_id, was)
    if gone:
        await photos.tell(tx, row.owner_id, gone, "deleted")


def _is_as_it_was(one: Listed, before: KnownFile | None) -> bool:
    return before is not None and before.evidence == one.evidence


def _doubtful(
    listed: Sequence[Listed], before: dict[UUID, KnownFile], same: dict[bytes, UUID]
) -> list[UUID]:
    """The photos that files were and that no digest leads to: a person may have deleted them."""
    known = [one for one in listed if one.id in before]
    lost = [one for one in known if not {one.md5, one.sha256} & same.keys()]
    was = [before[one.id].photo_id for one in lost]
    return [photo_id for photo_id in was if photo_id is not None]


def _sorted(
    listed: Sequence[Listed],
    before: dict[UUID, KnownFile],
    same: dict[bytes, UUID],
    there: set[UUID],
) -> _Sorted:
    found = _Sorted()
    for one in listed:
        was = before.get(one.id)
        if _is_as_it_was(one, was):
            found.unchanged.append(one)
        else:
            found.files.append(ListedFile(one, _photo_of(one, was, same, there, found)))
    return found


def _photo_of(
    one: Listed,
    was: KnownFile | None,
    known: dict[bytes, UUID],
    there: set[UUID],
    found: _Sorted,
) -> UUID | None:
    """The photo that a file is from now on: that of the same bytes, wherever they lie."""
    had = was.photo_id if was is not None else None
    by_md5, by_sha256 = known.get(one.md5 or b""), known.get(one.sha256 or b"")
    if by_md5 is not None and by_sha256 not in {None, by_md5}:
        one, by_sha256 = replace(one, sha256=None), None  # one of the two is wrong
    same = by_md5 or by_sha256
    if same is None and was is not None and had is not None and was.md5 == one.md5:
        if had not in there:
            return had  # a person deleted it, and its bytes are the same
        same = had  # nobody tells of its bytes: the file is the photo
    if same is None:
        same = uuid7()
        found.new.append(ListedPhoto(same, one))
    elif same == had:
        found.changed.append(ListedPhoto(same, one))
    else:
        found.known += 1
    known |= {digest: same for digest in (one.md5, one.sha256) if digest is not None}
    if had is not None and had != same:
        found.replaced.append(had)
    return same
