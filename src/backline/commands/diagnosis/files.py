"""The media against the database: what rows point to and isn't there, and the other way."""

from datetime import UTC, datetime, timedelta
from typing import Final

from backline.commands.diagnosis.findings import Finding, fault, ok, warning
from backline.commands.ground import Ground
from backline.main import program
from backline.platform.database import Read, connect
from backline.platform.errors import Unavailable
from backline.platform.host.disk import in_words
from backline.platform.settings import SettingsFault
from backline.platform.storage import Storage, Stored, open_kept
from backline.platform.storage.kinds import FileKind, KeptFile

# The nightly sweep removes what nothing has pointed to for a day.
_LEFT_OVER: Final = timedelta(days=2)
_BATCH: Final = 1000


async def examine(ground: Ground) -> list[Finding]:
    """Compare both ways."""
    try:
        storage = open_kept(ground.settings)
        return await _compared(ground, storage)
    except Unavailable as down:
        return [_unreachable(down.detail)]
    except SettingsFault as wrong:
        return [_unreachable(str(wrong))]


def _unreachable(why: str) -> Finding:
    what = "The bucket with the media can't be asked"
    return fault("files", what, why, "Look at BACKLINE_STORAGE_URL and at the server it names.")


async def _compared(ground: Ground, storage: Storage) -> list[Finding]:
    database = await connect(ground.dsn, max_size=1, statement_timeout_s=600)
    found: list[Finding] = []
    try:
        async with database.read() as read:
            for kind in program().files:
                there = {file.key: file async for file in storage.list(kind.kind)}
                found += await _lacking(storage, read, kind, there)
                found.append(await _left_over(read, kind, there))
    finally:
        await database.close()
    return found


async def _lacking(
    storage: Storage, read: Read, kind: FileKind, there: dict[str, Stored]
) -> list[Finding]:
    count, bad = 0, dict[str, str]()
    async for file in kind.referenced(read):
        count += 1
        reason = _wrong(there.get(file.key), file)
        if reason is not None:
            bad[file.key] = reason
    if bad:
        # An upload or a purge may have come between: what a second look still finds is so.
        bad = await _still_bad(storage, read, kind, bad)
    mend = "Take them from a backup, or delete what they belong to."
    wrong = [key for key, reason in bad.items() if reason]
    gone = [key for key, reason in bad.items() if not reason]
    found: list[Finding] = []
    if gone:
        what = f"{len(gone)} files that the database points to are missing, such as {gone[0]}"
        found.append(fault("files", what, "What they belong to can't be opened.", mend))
    if wrong:
        what = f"{len(wrong)} files have another size than they should, such as {wrong[0]}"
        found.append(fault("files", what, bad[wrong[0]], mend))
    return found or [ok("files", f"All {count} files that the database points to are there")]


async def _still_bad(
    storage: Storage, read: Read, kind: FileKind, suspects: dict[str, str]
) -> dict[str, str]:
    """What is wrong with files; "" where one is missing."""
    bad: dict[str, str] = {}
    async for file in kind.referenced(read):
        if file.key in suspects:
            reason = _wrong(await storage.head(file.key), file)
            if reason is not None:
                bad[file.key] = reason
    return bad


def _wrong(found: Stored | None, file: KeptFile) -> str | None:
    if found is None:
        return ""
    if found.size_bytes == file.size_bytes:
        return None
    return f"It has {found.size_bytes} bytes instead of {file.size_bytes}."


async def _left_over(read: Read, kind: FileKind, there: dict[str, Stored]) -> Finding:
    before = datetime.now(UTC) - _LEFT_OVER
    old = [key for key, file in there.items() if file.modified_at < before]
    sizes: dict[str, int] = {}
    for at in range(0, len(old), _BATCH):
        unknown = await kind.unknown(read, old[at : at + _BATCH])
        sizes |= {key: there[key].size_bytes for key in unknown}
    if not sizes:
        return ok("files", "Nothing lies there that nobody needs")
    return warning(
        "files",
        f"{len(sizes)} files ({in_words(sum(sizes.values()))}) lie there that nothing points to, "
        f"such as {min(sizes)}",
        "They should have been removed at night, at 03:30 UTC.",
        "Have Backline run at that time. They harm nothing but room.",
    )
