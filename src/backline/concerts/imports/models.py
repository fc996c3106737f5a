"""The shapes of imports: answers, jobs, events."""

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

ImportState = Literal["reading", "ready", "failed", "importing", "done", "undoing", "undone"]
ItemState = Literal["new", "known", "wrong", "made", "removed"]


class ConcertImportJob(msgspec.Struct, frozen=True):
    """The payload of the jobs that work on an import."""

    import_id: UUID
    owner_id: UUID


class ConcertImport(msgspec.Struct, frozen=True):
    """A table of concerts that somebody brought.

    `reading` until it can be looked at (`ready`) or is no such table (`failed`); then `importing`,
    `done`, and if it is taken back `undoing`, `undone`. `columns` are those that were understood,
    `ignored` the headers of the others. Of its concerts `new_count` are to be made, `known_count`
    are in the history already, `wrong_count` can't be, `made_count` were made of it.
    """

    id: UUID
    filename: str
    size_bytes: int
    state: ImportState
    error: str | None
    job_id: UUID
    encoding: str
    delimiter: str
    columns: list[str]
    ignored: list[str]
    new_count: int
    known_count: int
    wrong_count: int
    made_count: int
    removed_count: int
    created_at: datetime


class ConcertImportItem(msgspec.Struct, frozen=True):
    """A concert of a table: on which line it begins, what becomes of it, and why not."""

    position: int
    line: int
    state: ItemState
    problem: str
    held_on: date | None
    title: str
    artists: list[str]
    venue: str
    city: str
    concert_id: UUID | None


class ConcertImportPage(msgspec.Struct, frozen=True):
    """A page of a table's concerts, in its order."""

    items: list[ConcertImportItem]
    next_cursor: str | None = None


class ConcertImportChanged(msgspec.Struct, frozen=True):
    """What browsers are told of an import."""

    id: UUID
    state: ImportState
