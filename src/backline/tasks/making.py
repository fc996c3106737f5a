"""The making of an export: tasks as a file, CSV (RFC 4180) for spreadsheets, JSON for programs."""

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable
from datetime import datetime
from uuid import UUID

import msgspec

from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.storage import Storage
from backline.tasks import lists
from backline.tasks.models import Filters, Task
from backline.tasks.sql.exports import ExportRow, Format
from backline.tasks.sql.lists import Key

_PAGE_ROWS = 500

_COLUMNS = (
    "id",
    "project_id",
    "parent_id",
    "title",
    "description",
    "status",
    "priority",
    "labels",
    "start_at",
    "due_at",
    "assignee_id",
    "completed_at",
    "created_at",
    "updated_at",
)
# A spreadsheet takes a cell that begins so for a formula, and runs it.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Made(msgspec.Struct, frozen=True):
    """A file that lies in the storage: how many tasks it has, and how large it is."""

    count: int
    size_bytes: int


async def make(
    database: Database,
    storage: Storage,
    row: ExportRow,
    key: str,
    note: Callable[[int, int], None],
) -> Made:
    """Write an export under a key, page by page; `note` is told how many of how many are written.

    What changes meanwhile is written as it is when its page comes.
    """
    filters = msgspec.json.decode(row.filters, type=Filters)
    asking = Actor(row.owner_id, "user", row.id)
    done = 0

    async def noted() -> AsyncIterator[list[Task]]:
        nonlocal done
        async with database.read() as read:
            total = await lists.count(read, asking, filters)
        async for page in _pages(database, asking, filters):
            yield page
            done += len(page)
            note(done, max(done, total))

    stored = await storage.put_stream(key, written(noted(), row.format))
    return Made(done, stored.size_bytes)


async def _pages(database: Database, asking: Actor, filters: Filters) -> AsyncIterator[list[Task]]:
    """What is asked for, as far as whoever asks may still see it when its page comes."""
    after: tuple[Key, UUID] | None = None
    while True:
        async with database.read() as read:
            page = await lists.whole_page(read, asking, filters, after, _PAGE_ROWS)
        if page:
            yield page
        if len(page) < _PAGE_ROWS:
            return
        after = page[-1].created_at, page[-1].id


async def written(pages: AsyncIterator[list[Task]], kind: Format) -> AsyncIterator[bytes]:
    """The file's bytes, a page of tasks at a time."""
    if kind == "json":
        separator = b'{"tasks":[\n'
        async for page in pages:
            for task in page:
                yield separator + msgspec.json.encode(task)
                separator = b",\n"
        yield b"\n]}\n" if separator != b'{"tasks":[\n' else separator + b"]}\n"
        return
    # The mark of byte order has spreadsheets read UTF-8 as such.
    yield b"\xef\xbb\xbf" + _lines([_COLUMNS])
    async for page in pages:
        yield _lines(_cells(task) for task in page)


def _lines(rows: Iterable[Iterable[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _cells(task: Task) -> list[str]:
    return [_cell(getattr(task, column)) for column in _COLUMNS]


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    text = " ".join(value) if isinstance(value, list) else str(value)  # pyright: ignore[reportUnknownArgumentType,reportUnknownVariableType]
    return f"'{text}" if text.startswith(_FORMULA) else text
