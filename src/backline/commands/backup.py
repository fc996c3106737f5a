"""`backline backup`: database, media and secrets in a new folder, whether the program runs or not.

First all files that rows point to are copied, then the database is dumped as of one snapshot, and
then what that snapshot points to beyond. A row is gone before its file, so a file that can't be
found belongs to a row that a newer snapshot doesn't have: then the dump is made once more. What
two snapshots in a row ask for in vain was lost before. So nothing has to wait for a backup.
"""

import asyncio
import contextlib
import fcntl
import os
import shutil
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec

from backline import __version__
from backline.commands import tools
from backline.commands.copying import (
    Side,
    copy,
    hash_file,
    remove_tree,
    sync_folder,
    sync_folders,
    write_new,
)
from backline.commands.ground import CareFault, Ground, say, standing
from backline.commands.manifest import (
    DUMP,
    FORMAT,
    LISTING,
    MANIFEST,
    MEDIA,
    SECRETS,
    Entry,
    Manifest,
    find_backup,
    verify,
)
from backline.commands.progress import Progress
from backline.main import load, program
from backline.platform.database.snapshot import Snapshot, open_snapshot
from backline.platform.host.disk import in_words
from backline.platform.storage import checked_key
from backline.platform.storage.kinds import KeptFile

_ROUNDS: Final = 5
_PARTIAL: Final = ".partial-"
_WANTED: Final = ".wanted"


class _Facts(msgspec.Struct, frozen=True):
    """What a snapshot told."""

    server_version: int
    schema: list[str]
    rows: dict[str, int]
    wanted_bytes: int
    dumped_by: str


def run(folder: Path, *, data: str | None, verify: bool) -> int:
    """Make a backup in `folder`, or check the one there; the exit code."""
    folder = folder.absolute()
    os.umask(0o077)
    if verify:
        return _verify(find_backup(folder))
    settings = load(os.environ, {} if data is None else {"DATA_DIR": data})
    if folder.resolve().is_relative_to(settings.data_dir.resolve()):
        raise CareFault(
            f"{folder} lies in the data folder, so it would be lost together with it. Name another "
            "folder, best on another disk."
        )
    with standing(settings) as ground, _only_one(folder):
        target, manifest = make(ground, folder)
    _tell(target, manifest)
    return 0


def make(ground: Ground, folder: Path) -> tuple[Path, Manifest]:
    """Back up an installation to a new folder in `folder`, which must be there.

    Raises:
        CareFault: it can't be done; nothing is left.
    """
    aside = Path(tempfile.mkdtemp(prefix=_PARTIAL, dir=folder))
    try:
        manifest = _fill(ground, aside)
        target = _reveal(aside, folder, manifest.made_at)
    except BaseException:
        remove_tree(aside)
        raise
    return target, manifest


def _fill(ground: Ground, aside: Path) -> Manifest:
    made_at, bucket = datetime.now(UTC), ground.settings.storage_url
    (aside / MEDIA).mkdir()
    with (aside / LISTING).open("ab") as listing:
        copies = _Copies(ground, aside, listing.fileno())
        missing: set[str] = set()
        if bucket is not None:  # which keeps its own media safe
            facts = asyncio.run(_look(ground, aside, is_dumping=True))
        else:
            facts = asyncio.run(_look(ground, aside, is_dumping=False))
            missing = copies.take_wanted(facts.wanted_bytes)
            for _ in range(_ROUNDS):
                before = missing
                made_at = datetime.now(UTC)
                facts = asyncio.run(_look(ground, aside, is_dumping=True))
                missing = copies.take_wanted(facts.wanted_bytes)
                if missing <= before:
                    break
        os.fsync(listing.fileno())
    (aside / _WANTED).unlink()
    copy(
        Side(ground.settings.secret_path, ground.user),
        Side(aside / SECRETS),
        aside,
        file_mode=0o600,
        folder_mode=0o700,
    )
    manifest = Manifest(
        format=FORMAT,
        made_at=made_at,
        backline=__version__,
        server_version=facts.server_version,
        dumped_by=facts.dumped_by,
        schema=facts.schema,
        rows=facts.rows,
        media_files=copies.count,
        media_bytes=copies.size_bytes,
        missing=sorted(missing),
        damaged=sorted(copies.damaged),
        files=[_entry(aside, name) for name in (DUMP, SECRETS, LISTING)],
        bucket=None if bucket is None else str(bucket),
    )
    encoded = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
    write_new(aside / MANIFEST, encoded + b"\n")
    sync_folders(aside)
    return manifest


async def _look(ground: Ground, aside: Path, *, is_dumping: bool) -> _Facts:
    """Note what a new snapshot points to, and dump it; the dump of an earlier one goes."""
    async with open_snapshot(ground.dsn) as snapshot:
        wanted_bytes = await _note_wanted(snapshot, aside / _WANTED)
        dumped_by = ""
        if is_dumping:
            say("Copying the database…")
            with (aside / DUMP).open("wb") as file:
                # Blocking is right here: nothing else runs in this loop.
                dumped_by = tools.dump(ground, snapshot.id, snapshot.server_version, file)
                os.fsync(file.fileno())
        return _Facts(
            snapshot.server_version, snapshot.schema, snapshot.rows, wanted_bytes, dumped_by
        )


async def _note_wanted(snapshot: Snapshot, path: Path) -> int:
    total = 0
    with path.open("wb") as file:
        for kind in program().files:
            async for kept in kind.referenced(snapshot.read):
                file.write(msgspec.json.encode(kept) + b"\n")
                total += kept.size_bytes
    return total


class _Copies:
    """The media copied so far."""

    def __init__(self, ground: Ground, aside: Path, listing: int) -> None:
        self._ground, self._aside, self._listing = ground, aside, listing
        self.count = self.size_bytes = 0
        self.damaged: set[str] = set()

    def take_wanted(self, wanted_bytes: int) -> set[str]:
        """Copy what is noted and not here yet; the keys of what couldn't be found."""
        missing: set[str] = set()
        progress = Progress("Copying media")
        for kept in _wanted(self._aside / _WANTED):
            path = self._aside / MEDIA / checked_key(kept.key)
            if not path.exists() and not self._take(kept, path):
                missing.add(kept.key)
            progress(self.size_bytes, wanted_bytes)
        progress.end()
        return missing

    def _take(self, kept: KeptFile, path: Path) -> bool:
        source = Side(self._ground.objects / kept.key, self._ground.user)
        try:
            seen = copy(source, Side(path), self._aside, file_mode=0o600, folder_mode=0o700)
        except FileNotFoundError:
            return False
        if seen.size_bytes != kept.size_bytes or kept.sha256 not in (None, seen.sha256):
            self.damaged.add(kept.key)
        entry = Entry(f"{MEDIA}/{kept.key}", seen.size_bytes, seen.sha256)
        os.write(self._listing, msgspec.json.encode(entry) + b"\n")
        self.count += 1
        self.size_bytes += seen.size_bytes
        return True


def _wanted(path: Path) -> Iterator[KeptFile]:
    with path.open("rb") as lines:
        for line in lines:
            yield msgspec.json.decode(line, type=KeptFile)


def _entry(folder: Path, name: str) -> Entry:
    seen = hash_file(folder / name)
    return Entry(name, seen.size_bytes, seen.sha256)


def _reveal(aside: Path, folder: Path, made_at: datetime) -> Path:
    """Give a whole and durable backup its name."""
    name = made_at.strftime("%Y-%m-%dT%H-%M-%SZ")
    target, number = folder / name, 1
    while target.exists():
        number += 1
        target = folder / f"{name}-{number}"
    aside.rename(target)
    sync_folder(folder)
    return target


@contextmanager
def _only_one(folder: Path) -> Generator[None]:
    """Be the only one who makes a backup in `folder`; clear away what killed ones left."""
    try:
        folder.mkdir(0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as fault:
        raise CareFault(f"{folder} can't be used for backups: {fault.strerror}.") from fault
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CareFault(f"Another backup to {folder} is under way. Wait for it.") from None
        for left in folder.glob(f"{_PARTIAL}*"):
            shutil.rmtree(left, ignore_errors=True)
        yield
    finally:
        os.close(descriptor)


def _tell(target: Path, manifest: Manifest) -> None:
    size = in_words(manifest.media_bytes + sum(entry.size_bytes for entry in manifest.files))
    for keys, what in (
        (manifest.missing, "are gone from the media folder already"),
        (manifest.damaged, "aren't any more what was stored; they were copied as they are"),
    ):
        if keys:
            say(
                f"Warning: {len(keys)} files that the database points to {what}, such as "
                f"{keys[0]}. `backline doctor` tells more; an older backup may still have them."
            )
    with contextlib.suppress(OSError):
        sys.stdout.write(f"{target}\n")
        sys.stdout.flush()
    if manifest.bucket is not None:
        say(
            f"Backed up the database: {size}. The media stay in {manifest.bucket}, whose versions "
            "or replication keep them safe: see docs/backup.md."
        )
        return
    say(f"Backed up {manifest.media_files} media files and the database: {size}.")


def _verify(folder: Path) -> int:
    progress = Progress("Checking")
    checked = verify(folder, progress)
    progress.end()
    if checked.faults:
        say("\n".join([f"{folder} is damaged:", *checked.faults[:20]]))
        if len(checked.faults) > 20:  # noqa: PLR2004  # the rest says no more
            say(f"… and {len(checked.faults) - 20} more.")
        return 1
    say(f"{folder} is whole: every file is as it was when the backup was made.")
    return 0
