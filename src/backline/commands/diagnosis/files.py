"""The media folder against the database: what rows point to and isn't there, and the other way."""

import time
from pathlib import Path
from typing import Final

from backline.commands.diagnosis.findings import Finding, fault, ok, warning
from backline.commands.ground import Ground
from backline.main import DOMAINS
from backline.platform.database import Read, connect
from backline.platform.disk import in_words
from backline.platform.kept import Kept, KeptFile
from backline.platform.storage.files import walk

# The nightly sweep removes what nothing has pointed to for a day.
_LEFT_OVER_S: Final = 2 * 24 * 3600.0
_BATCH: Final = 1000


async def examine(ground: Ground) -> list[Finding]:
    """Compare both ways."""
    database = await connect(ground.dsn, max_size=1, statement_timeout_s=600)
    found: list[Finding] = []
    try:
        async with database.read() as read:
            for domain in DOMAINS:
                if domain.kept is not None:
                    found += await _lacking(ground, read, domain.kept)
                    found.append(await _left_over(ground, read, domain.kept))
    finally:
        await database.close()
    return found


async def _lacking(ground: Ground, read: Read, kept: Kept) -> list[Finding]:
    count, bad = await _compare(ground, read, kept, None)
    if bad:
        # A purge may have come between: what a second look still finds is so.
        count, bad = await _compare(ground, read, kept, set(bad))
    mend = "Take them from a backup, or delete their tracks."
    wrong = [key for key, reason in bad.items() if reason]
    gone = [key for key, reason in bad.items() if not reason]
    found: list[Finding] = []
    if gone:
        what = f"{len(gone)} files that the library points to are missing, such as {gone[0]}"
        found.append(fault("files", what, "What they belong to can't be played.", mend))
    if wrong:
        what = f"{len(wrong)} files have another size than they should, such as {wrong[0]}"
        found.append(fault("files", what, bad[wrong[0]], mend))
    return found or [ok("files", f"All {count} files that the library points to are there")]


async def _compare(
    ground: Ground, read: Read, kept: Kept, among: set[str] | None
) -> tuple[int, dict[str, str]]:
    """How many files there should be, and what is wrong with some; "" where one is missing."""
    count, bad = 0, dict[str, str]()
    async for file in kept.referenced(read):
        count += 1
        if among is None or file.key in among:
            reason = _wrong(ground.objects, file)
            if reason is not None:
                bad[file.key] = reason
    return count, bad


def _wrong(objects: Path, file: KeptFile) -> str | None:
    try:
        size_bytes = (objects / file.key).lstat().st_size
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if size_bytes == file.size_bytes:
        return None
    return f"It has {size_bytes} bytes instead of {file.size_bytes}."


async def _left_over(ground: Ground, read: Read, kept: Kept) -> Finding:
    before_s = time.time() - _LEFT_OVER_S
    sizes: dict[str, int] = {}
    batch: dict[str, int] = {}
    for entry in walk(ground.objects / kept.kind):
        found = entry.stat(follow_symlinks=False)
        if found.st_mtime < before_s:
            batch[str(Path(entry.path).relative_to(ground.objects))] = found.st_size
        if len(batch) >= _BATCH:
            sizes |= {key: batch[key] for key in await kept.unknown(read, list(batch))}
            batch.clear()
    sizes |= {key: batch[key] for key in await kept.unknown(read, list(batch))}
    if not sizes:
        return ok("files", "Nothing lies there that nobody needs")
    return warning(
        "files",
        f"{len(sizes)} files ({in_words(sum(sizes.values()))}) lie there that nothing points to, "
        f"such as {min(sizes)}",
        "They should have been removed at night, at 03:30 UTC.",
        "Have Backline run at that time. They harm nothing but room.",
    )
