"""The data folder: who owns it, who can enter it, how much room there is, and the secret in it."""

import os
import pwd
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from backline.commands.diagnosis.findings import Finding, fault, ok, warning
from backline.platform.host.disk import free_bytes, in_words
from backline.platform.host.privileges import (
    PrivilegeFault,
    ServiceUser,
    acting_as,
    check_folder,
    name_of,
)
from backline.platform.secrets import SecretFault, load_secrets
from backline.platform.settings import Settings

# Root's own doubles of programs, see `platform.runtime`.
_OF_ROOT: Final = frozenset({"runtime"})


def examine(settings: Settings, user: ServiceUser | None) -> Iterator[Finding]:
    """Everything about an existing data folder that can be seen without its database."""
    data_dir = settings.data_dir
    try:
        check_folder(data_dir, user)
    except PrivilegeFault as found:
        yield fault("folder", f"{name_of(user)} can't use {data_dir}", str(found), "See above.")
        return
    yield from _owners(data_dir, user)
    yield _mode(data_dir)
    yield _room(settings)
    yield _secret(settings, user)


def _owners(data_dir: Path, user: ServiceUser | None) -> Iterator[Finding]:
    uid = os.geteuid() if user is None else user.uid
    others = sorted(
        entry.name
        for entry in data_dir.iterdir()
        if entry.name not in _OF_ROOT and entry.lstat().st_uid != uid
    )
    if not others:
        yield ok("folder", f"{data_dir} belongs to {name_of(user)}, with all that is in it")
        return
    owner = data_dir.joinpath(others[0]).lstat().st_uid
    yield fault(
        "folder",
        f"{', '.join(others[:5])} in {data_dir} belongs to {_called(owner)}",
        f"Backline works as {name_of(user)} and can't use what belongs to someone else.",
        f"chown -R {name_of(user)} " + " ".join(str(data_dir / name) for name in others[:5]),
    )


def _mode(data_dir: Path) -> Finding:
    mode = stat.S_IMODE(data_dir.stat().st_mode)
    if mode & 0o007:
        return warning(
            "folder",
            f"Everybody on this machine may look into {data_dir} (mode {mode:04o})",
            "What lies in it is protected by itself, but names and sizes aren't.",
            f"chmod 700 {data_dir}",
        )
    return ok("folder", f"Its mode is {mode:04o}")


def _room(settings: Settings) -> Finding:
    free, floor = free_bytes(settings.data_dir), settings.min_free_bytes
    what = f"{in_words(free)} are free on its disk"
    if free >= 2 * floor:
        return ok("room", what)
    mend = "Make room, move the data folder to a larger disk, or lower BACKLINE_MIN_FREE_BYTES."
    if free < floor:
        why = f"Below {in_words(floor)} no uploads are taken, so that the database can go on."
        return fault("room", f"Only {what}", why, mend)
    return warning("room", f"Only {what}", f"At {in_words(floor)} uploads will be refused.", mend)


def _secret(settings: Settings, user: ServiceUser | None) -> Finding:
    path = settings.secret_path
    try:
        with acting_as(user):
            if not path.exists() and settings.database_url is None:
                return ok("secret", "There is no secret yet; the next start makes one")
            load_secrets(path)
    except SecretFault as found:
        return fault(
            "secret",
            f"{path} can't be used",
            str(found),
            "Mend it as it says, or take secrets.json from a backup. With a new one everybody has "
            "to sign in again.",
        )
    return ok("secret", f"{path} is in order")


def _called(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user id {uid}"
