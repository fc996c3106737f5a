"""Who the program works as: root hands everything that needs no root to a service user.

Nothing here changes the mode or the owner of a folder that the program didn't make.
"""

import contextlib
import os
import pwd
import shlex
import stat
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Final

import msgspec

from backline.platform.host.prctl import forbid_new_privileges

_FALLBACKS: Final = ("backline", "nobody")
_PRIVATE: Final = 0o700


class PrivilegeFault(Exception):
    """The program can't work as the user that it should, or can't use a folder; says what to do."""


class ServiceUser(msgspec.Struct, frozen=True):
    """An unprivileged user of passwd."""

    name: str
    uid: int
    gid: int


def choose_user(configured: str | None, data_dir: Path) -> ServiceUser | None:
    """Who works: None is whoever started the program, which is anybody but root.

    For root it is the configured user, else the owner of an existing data folder, else
    `backline`, else `nobody`.

    Raises:
        PrivilegeFault: that user doesn't exist, is root, or isn't the one who runs the program.
    """
    if os.geteuid() != 0:
        if configured is not None and not _is_me(configured):
            raise PrivilegeFault(
                f"BACKLINE_USER is {configured}, but only root can start the program for another "
                f"user. Start it as {configured} or as root."
            )
        return None
    if configured is not None:
        return _checked(configured)
    with contextlib.suppress(FileNotFoundError):
        owner = data_dir.stat().st_uid
        if owner != 0:
            return _owner(data_dir, owner)
    for name in _FALLBACKS:
        with contextlib.suppress(KeyError):
            return _user(pwd.getpwnam(name))
    raise PrivilegeFault(
        "Backline doesn't work as root, and there is neither a user “backline” nor “nobody”. "
        "Make one with: useradd --system backline"
    )


@contextlib.contextmanager
def acting_as(user: ServiceUser | None) -> Generator[None, None, None]:
    """Do what stands in the `with` with the rights of `user`, then be root again.

    For a process with one thread; processes started inside need `as_user` all the same.
    """
    if user is None:
        yield
        return
    groups = os.getgroups()
    os.setgroups([user.gid])
    os.setegid(user.gid)
    os.seteuid(user.uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


def drop(user: ServiceUser | None) -> None:
    """Become `user` for good: no way back, and no program started later can gain rights.

    Raises:
        PrivilegeFault: the system doesn't let root do that, as in some containers.
    """
    if user is not None:
        try:
            os.setgroups([user.gid])
            os.setresgid(user.gid, user.gid, user.gid)
            os.setresuid(user.uid, user.uid, user.uid)
        except OSError as fault:
            raise PrivilegeFault(
                f"root isn't allowed to become {user.name} here ({fault.strerror}). Start the "
                "program as an ordinary user, or give the container CAP_SETUID and CAP_SETGID."
            ) from fault
        _check_no_return(user)
    forbid_new_privileges()


def make_folder(path: Path, user: ServiceUser | None) -> bool:
    """Make a folder and its missing parents for `user` alone (0700); False if it was there.

    Raises:
        PrivilegeFault: it can't be made, or `user` couldn't enter it.
    """
    if path.exists():
        return False
    with acting_as(user):
        _check_way([folder for folder in path.parents if folder.exists()], user)
    try:
        for folder in reversed([path, *path.parents]):
            if not folder.exists():
                folder.mkdir(_PRIVATE)
                if user is not None:
                    os.chown(folder, user.uid, user.gid, follow_symlinks=False)
    except OSError as fault:
        raise PrivilegeFault(f"The folder {path} can't be made: {fault.strerror}.") from fault
    return True


def check_folder(path: Path, user: ServiceUser | None) -> None:
    """See that `user` can use an existing folder.

    Raises:
        PrivilegeFault: they can't; it names the folder that is in the way and what to type.
    """
    with acting_as(user):
        _check_way([path, *path.parents], user)
        if not os.access(path, os.R_OK | os.W_OK | os.X_OK, effective_ids=True):
            raise PrivilegeFault(_unwritable(path, user))


def can_read(path: Path, user: ServiceUser | None) -> bool:
    """Whether `user` gets as far as reading this file or folder."""
    with acting_as(user):
        return os.access(path, os.R_OK, effective_ids=True)


def name_of(user: ServiceUser | None) -> str:
    """How the one who works is called."""
    if user is not None:
        return user.name
    try:
        return pwd.getpwuid(os.geteuid()).pw_name
    except KeyError:
        return str(os.geteuid())


def _check_way(folders: list[Path], user: ServiceUser | None) -> None:
    """See that the present user can enter each of these, the innermost first."""
    for folder in reversed(folders):
        try:
            mode = folder.stat().st_mode
        except OSError as fault:
            raise PrivilegeFault(_closed(folder, user, fault.strerror)) from fault
        if not stat.S_ISDIR(mode):
            raise PrivilegeFault(f"{folder} isn't a folder. Name another one with --data.")
        if not os.access(folder, os.X_OK, effective_ids=True):
            raise PrivilegeFault(_closed(folder, user, "Permission denied"))


def _closed(folder: Path, user: ServiceUser | None, reason: str | None) -> str:
    return (
        f"The user {name_of(user)} can't enter {folder} ({reason}), and the data folder is in "
        f"it. Open it with `chmod o+x {shlex.quote(str(folder))}`, choose another data folder "
        "with --data, or another user with BACKLINE_USER."
    )


def _unwritable(path: Path, user: ServiceUser | None) -> str:
    name = name_of(user)
    return (
        f"The user {name} can't write to the data folder {path}. Give it to them with "
        f"`chown -R {name} {shlex.quote(str(path))}`, or choose another user with BACKLINE_USER."
    )


def _check_no_return(user: ServiceUser) -> None:
    for attempt in (lambda: os.setuid(0), lambda: os.setgid(0)):
        with contextlib.suppress(PermissionError):
            attempt()
            sys.exit(f"The rights of root can't be given up for {user.name}; ending.")
    if 0 in (*os.getresuid(), *os.getresgid(), *os.getgroups()):
        sys.exit(f"The rights of root can't be given up for {user.name}; ending.")


def _is_me(name: str) -> bool:
    try:
        return pwd.getpwnam(name).pw_uid == os.geteuid()
    except KeyError:
        return False


def _checked(name: str) -> ServiceUser:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise PrivilegeFault(
            f"BACKLINE_USER is {name}, but there is no such user. Make it with: "
            f"useradd --system {shlex.quote(name)}"
        ) from None
    if entry.pw_uid == 0:
        raise PrivilegeFault("BACKLINE_USER can't be root: PostgreSQL refuses to work as root.")
    return _user(entry)


def _owner(data_dir: Path, uid: int) -> ServiceUser:
    try:
        return _user(pwd.getpwuid(uid))
    except KeyError:
        raise PrivilegeFault(
            f"{data_dir} belongs to user id {uid}, which has no entry in passwd. Add one, or say "
            "with BACKLINE_USER who should work."
        ) from None


def _user(entry: pwd.struct_passwd) -> ServiceUser:
    return ServiceUser(entry.pw_name, entry.pw_uid, entry.pw_gid)
