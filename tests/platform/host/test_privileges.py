"""Who works, and that root's rights are really gone."""

import os
import pwd
from collections.abc import Callable
from pathlib import Path

import pytest

from backline.platform.host.privileges import (
    PrivilegeFault,
    ServiceUser,
    acting_as,
    check_folder,
    choose_user,
    drop,
    make_folder,
)

AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
AS_OTHERS = pytest.mark.skipif(os.geteuid() == 0, reason="for anybody but root")
NOBODY = ServiceUser("nobody", pwd.getpwnam("nobody").pw_uid, pwd.getpwnam("nobody").pw_gid)


def in_a_fork(act: Callable[[], None]) -> int:
    """Run `act` in a process of its own; the exit code, 0 where it returned."""
    pid = os.fork()
    if pid == 0:
        try:
            act()
        except BaseException:  # noqa: BLE001  # told by the exit code
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@AS_ROOT
def test_root_works_as_the_owner_of_the_folder(tmp_path: Path) -> None:
    owner = pwd.getpwnam("daemon")
    os.chown(tmp_path, owner.pw_uid, owner.pw_gid)

    assert choose_user(None, tmp_path) == ServiceUser("daemon", owner.pw_uid, owner.pw_gid)


@AS_ROOT
def test_root_works_as_the_configured_user_before_all(tmp_path: Path) -> None:
    chosen = choose_user("daemon", tmp_path)

    assert chosen is not None
    assert chosen.name == "daemon"


@AS_ROOT
def test_root_works_as_somebody_unprivileged_in_a_new_folder(tmp_path: Path) -> None:
    chosen = choose_user(None, tmp_path / "new")

    assert chosen is not None
    assert chosen.name in ("backline", "nobody")


@AS_OTHERS
def test_others_work_as_themselves(tmp_path: Path) -> None:
    assert choose_user(None, tmp_path) is None
    with pytest.raises(PrivilegeFault, match="only root"):
        choose_user("root", tmp_path)


@AS_ROOT
def test_an_owner_without_a_name_is_a_fault(tmp_path: Path) -> None:
    os.chown(tmp_path, 54_321, 54_321)

    with pytest.raises(PrivilegeFault, match="54321"):
        choose_user(None, tmp_path)


@AS_ROOT
def test_dropped_rights_do_not_come_back() -> None:
    def act() -> None:
        drop(NOBODY)
        assert os.getresuid() == (NOBODY.uid,) * 3
        assert os.getresgid() == (NOBODY.gid,) * 3
        assert os.getgroups() == [NOBODY.gid]
        assert "NoNewPrivs:\t1" in Path("/proc/self/status").read_text()
        assert "CapEff:\t0000000000000000" in Path("/proc/self/status").read_text()
        with pytest.raises(PermissionError):
            os.setuid(0)

    assert in_a_fork(act) == 0


@AS_ROOT
def test_acting_as_somebody_ends_with_its_block(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)

    with pytest.raises(PermissionError), acting_as(NOBODY):
        (tmp_path / "file").touch()

    assert os.geteuid() == 0
    assert os.getegid() == 0


@AS_ROOT
def test_a_made_folder_belongs_to_the_service_user_with_its_parents(
    open_folder: Path,
) -> None:
    base = open_folder

    assert make_folder(base / "a/b", NOBODY)

    for folder in (base / "a", base / "a/b"):
        assert folder.stat().st_uid == NOBODY.uid
        assert folder.stat().st_mode & 0o777 == 0o700
    check_folder(base / "a/b", NOBODY)
    assert not make_folder(base / "a/b", NOBODY)


def test_a_folder_that_cannot_be_written_is_refused_as_it_is(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may write anywhere")
    tmp_path.chmod(0o500)

    with pytest.raises(PrivilegeFault, match="can't write"):
        check_folder(tmp_path, None)

    assert tmp_path.stat().st_mode & 0o777 == 0o500
