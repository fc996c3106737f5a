"""`backline restore`: a new installation out of a backup, in an empty data folder.

Everything is checked before anything is made. From the first step to the last a mark in the data
folder says that it isn't whole, so that a crash in between can't be mistaken for an installation.
"""

import asyncio
import os
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from backline.commands import bucket, tools
from backline.commands.copying import Seen, Side, copy, remove_tree, sync_folder, sync_folders
from backline.commands.ground import CareFault, Ground, own_bin, say, started, stop_by_signal
from backline.commands.manifest import (
    DUMP,
    MEDIA,
    SECRETS,
    Entry,
    Manifest,
    find_backup,
    listed,
    verify,
)
from backline.commands.progress import Progress
from backline.main import load, migrations, program
from backline.platform.admin.figures import figures_of
from backline.platform.database import connect
from backline.platform.database.migrating import migrate
from backline.platform.database.snapshot import analyze, row_counts
from backline.platform.host.disk import free_bytes, in_words
from backline.platform.host.halfway import NAME as MARK
from backline.platform.host.lock import FolderLock
from backline.platform.host.privileges import (
    ServiceUser,
    acting_as,
    check_folder,
    choose_user,
    make_folder,
)
from backline.platform.host.reach import keep_python_reachable
from backline.platform.postgres.layout import Layout, socket_folder
from backline.platform.postgres.leftovers import end_leftovers
from backline.platform.settings import Settings
from backline.platform.text import counted

_LOCK: Final = "lock"
# What pg_restore makes of a dump, roughly: indexes aren't in it, and it is compressed.
_GROWTH: Final = 6
_FILE_MODE, _FOLDER_MODE = 0o640, 0o750  # as the storage makes them


class Restored(msgspec.Struct, frozen=True):
    """What came out of a backup: `figures` as administrators see them, by what they count."""

    data_dir: Path
    figures: dict[str, int]


def run(folder: Path, *, data: str | None) -> int:
    """Restore the backup in `folder`, or the newest of several there; the exit code."""
    os.umask(0o027)
    settings = load(os.environ, {} if data is None else {"DATA_DIR": data})
    stop_by_signal()
    user = choose_user(settings.user, settings.data_dir)
    keep_python_reachable(user)
    source = find_backup(folder.absolute())
    say(f"Restoring {source} …")
    restored = restore(settings, user, source)
    say(f"Restored to {restored.data_dir} ({counted(restored.figures)}).")
    how = "" if data is None else f" --data {data}"
    say(f"Start it with: backline up{how}")
    return 0


def restore(settings: Settings, user: ServiceUser | None, source: Path) -> Restored:
    """Make an installation of a whole backup in an empty data folder, or leave nothing there.

    Raises:
        CareFault: the backup is damaged or of a newer Backline, or the folder isn't empty.
        FolderInUse, PrivilegeFault, PostgresFault: the folder or its database can't be used.
    """
    manifest = _checked(source)
    bucket.check(settings, manifest)
    data_dir = settings.data_dir
    if not make_folder(data_dir, user):
        check_folder(data_dir, user)
    with FolderLock(data_dir, user):
        _check_empty(data_dir)
        _end_leftovers(data_dir, user)
        _check_room(data_dir, manifest, has_media=settings.storage_url is None)
        with _marked(data_dir, user):
            if settings.storage_url is None:
                _copy_media(settings, user, source)
            else:
                bucket.upload(settings, source)
            _copy_secret(settings, user, source)
            with _database(settings, user) as ground:
                _load(ground, source, manifest)
                figures = asyncio.run(_figures(ground.dsn))
            if settings.storage_url is None:
                with acting_as(user):
                    sync_folders(settings.media_dir)
    return Restored(data_dir, figures)


def _checked(source: Path) -> Manifest:
    progress = Progress("Checking the backup")
    checked = verify(source, progress)
    progress.end()
    if checked.faults:
        raise CareFault(
            "\n".join([f"The backup in {source} is damaged:", *checked.faults[:5]])
            + "\nNothing was restored. Use another backup."
        )
    known = {f"{migration.package}/{migration.name}" for migration in migrations()}
    unknown = sorted(set(checked.manifest.schema) - known)
    if unknown:
        raise CareFault(
            f"The backup was made by Backline {checked.manifest.backline}, which is newer than "
            f"this one (its database has {unknown[0]}). Install that version, then restore."
        )
    return checked.manifest


def _check_empty(data_dir: Path) -> None:
    """See that there is nothing to lose; what a restore left that was cut off, is nothing."""
    present = {entry.name for entry in data_dir.iterdir()}
    if MARK in present or present <= {_LOCK}:
        return
    raise CareFault(
        f"{data_dir} isn't empty (it has “{min(present - {_LOCK})}”), and a restore never "
        "overwrites anything. Name a new folder with --data, or move what is there away first."
    )


def _check_room(data_dir: Path, manifest: Manifest, *, has_media: bool) -> None:
    sizes = {entry.path: entry.size_bytes for entry in manifest.files}
    media_bytes = manifest.media_bytes if has_media else 0
    need_bytes = media_bytes + _GROWTH * sizes.get(DUMP, 0)
    free = free_bytes(data_dir)
    if need_bytes > free:
        raise CareFault(
            f"The disk with {data_dir} has {in_words(free)} free, and the backup needs about "
            f"{in_words(need_bytes)}. Make room, or name a folder on another disk with --data."
        )


def _end_leftovers(data_dir: Path, user: ServiceUser | None) -> None:
    """End the database of a restore that was killed, before its files are removed."""
    layout = Layout(data_dir)
    if layout.cluster.exists():
        end_leftovers(layout, socket_folder(layout, user), user, say, time.sleep)


@contextmanager
def _marked(data_dir: Path, user: ServiceUser | None) -> Generator[None]:
    """Have the folder say that it isn't whole; if it doesn't get so, empty it again."""
    mark = data_dir / MARK
    with acting_as(user):
        mark.touch(0o600)
        sync_folder(data_dir)
        _clear(data_dir)
    try:
        yield
    except BaseException:
        with acting_as(user):
            _clear(data_dir)
            mark.unlink()
        raise
    with acting_as(user):
        sync_folder(data_dir)
        mark.unlink()
        sync_folder(data_dir)


def _clear(data_dir: Path) -> None:
    """Remove all but the lock and the mark."""
    for entry in data_dir.iterdir():
        if entry.name not in (_LOCK, MARK):
            if entry.is_dir() and not entry.is_symlink():
                remove_tree(entry)
            else:
                entry.unlink()


def _copy_media(settings: Settings, user: ServiceUser | None, source: Path) -> None:
    objects = settings.media_dir / "objects"
    progress, done, total = Progress("Copying media"), 0, sum(e.size_bytes for e in listed(source))
    for entry in listed(source):
        key = entry.path.removeprefix(f"{MEDIA}/")
        _take(source / entry.path, Side(objects / key, user), settings.data_dir, entry)
        done += entry.size_bytes
        progress(done, total)
    progress.end()
    with acting_as(user):
        objects.mkdir(_FOLDER_MODE, parents=True, exist_ok=True)


def _copy_secret(settings: Settings, user: ServiceUser | None, source: Path) -> None:
    target = settings.secret_path
    if target.exists():  # of an external database's installation: it stays as it was set up
        say(f"Keeping {target}. If it isn't the backup's, everybody has to sign in again.")
        return
    kept = Side(target, user)
    copy(Side(source / SECRETS), kept, target.parent, file_mode=0o600, folder_mode=0o700)


def _take(path: Path, target: Side, root: Path, entry: Entry) -> None:
    """Copy one media file; it was whole a moment ago, so a difference now is the disk's."""
    seen = copy(Side(path), target, root, file_mode=_FILE_MODE, folder_mode=_FOLDER_MODE)
    if seen != Seen(entry.size_bytes, entry.sha256):
        raise CareFault(f"{path} changed while it was read. Is its disk failing? Nothing was kept.")


@contextmanager
def _database(settings: Settings, user: ServiceUser | None) -> Generator[Ground]:
    if settings.database_url is None:
        with started(settings, user) as ground:
            yield ground
        return
    dsn = settings.direct_dsn
    if asyncio.run(row_counts(dsn)):
        raise CareFault(
            "The database that BACKLINE_DATABASE_URL names isn't empty, and a restore never "
            "overwrites anything. Name a new one."
        )
    yield Ground(settings, user, dsn, own_bin(), None, is_running=True)


def _load(ground: Ground, source: Path, manifest: Manifest) -> None:
    say("Restoring the database…")
    with (source / DUMP).open("rb") as file:
        tools.load(ground, file, tools.major_of(manifest.dumped_by))
    rows = asyncio.run(row_counts(ground.dsn))
    if rows != manifest.rows:
        raise CareFault(
            "The database doesn't have as many rows as the backup says. Use another backup."
        )
    asyncio.run(migrate(ground.dsn, migrations()))
    asyncio.run(analyze(ground.dsn))


async def _figures(dsn: str) -> dict[str, int]:
    database = await connect(dsn, max_size=1)
    try:
        async with database.read() as read:
            return await figures_of(read, program().counts)
    finally:
        await database.close()
