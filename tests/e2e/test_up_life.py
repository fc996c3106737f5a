"""`backline up` from its start to its end, and whatever is killed in between."""

import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.support.installation import ROOT, Installation, wait_for
from tests.support.processes import child, children_of, family_of, is_alive, status_of

Prepare = Callable[..., Installation]
STATES = (signal.SIGTERM, signal.SIGINT)

pytestmark = pytest.mark.supervisor


def started(
    prepare: Prepare, *options: str, from_nothing: bool = False, **environment: str
) -> Installation:
    installation = prepare(*options, from_nothing=from_nothing, **environment)
    installation.start()
    installation.wait_until_ready()
    return installation


def is_ready(installation: Installation) -> bool:
    try:
        answer = httpx.get(f"{installation.url}/health/ready", timeout=5)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200


def wait_until_gone(pids: list[int]) -> None:
    wait_for(lambda: not any(is_alive(pid) for pid in pids), f"{pids} to end")


@pytest.mark.parametrize("sign", STATES)
def test_it_ends_cleanly_and_starts_again(prepare: Prepare, sign: signal.Signals) -> None:
    installation = started(prepare, from_nothing=True)
    family = [process.pid for process in family_of(installation.pid)]

    assert installation.stop(sign) == 0
    assert len(family) >= 4
    assert [pid for pid in family if is_alive(pid)] == []
    assert not (installation.data / "postgres/postmaster.pid").exists()

    installation.start()
    installation.wait_until_ready()
    assert "Recovering" not in installation.log()


def test_what_is_killed_is_started_again(prepare: Prepare) -> None:
    installation = started(prepare)

    for role in ("serve", "work", "postgres"):
        old = child(installation.pid, role).pid
        os.kill(old, signal.SIGKILL)

        def is_mended(role: str = role, old: int = old) -> bool:
            found = [p.pid for p in children_of(installation.pid) if p.role == role]
            return len(found) == 1 and found != [old] and is_ready(installation)

        wait_for(is_mended, f"another {role}", context=installation.log)

    assert installation.stop() == 0
    assert "“backline serve” ended unexpectedly (signal 9)" in installation.log()
    assert "The database ended unexpectedly" in installation.log()


def test_a_killed_zygote_is_replaced_with_its_worker(prepare: Prepare) -> None:
    installation = started(prepare)
    worker = child(installation.pid, "work").pid
    (zygote,) = children_of(worker)

    os.kill(zygote.pid, signal.SIGKILL)

    def is_mended() -> bool:
        found = [p.pid for p in children_of(installation.pid) if p.role == "work"]
        return bool(found) and found != [worker] and len(children_of(found[0])) == 1

    wait_for(is_mended, "another worker", context=installation.log)
    assert installation.stop() == 0


def test_killing_a_session_of_the_database_is_survived(prepare: Prepare) -> None:
    installation = started(prepare)
    postmaster = child(installation.pid, "postgres").pid
    server = child(installation.pid, "serve").pid
    sessions = [p.pid for p in children_of(postmaster) if "backline" in _title(p.pid)]

    os.kill(sessions[0], signal.SIGKILL)
    wait_until_gone(sessions)

    wait_for(lambda: is_ready(installation), "ready again", context=installation.log)
    assert is_alive(postmaster)
    assert is_alive(server)


def _title(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text(errors="replace")


def test_without_the_supervisor_all_but_the_database_ends_and_a_start_mends_it(
    prepare: Prepare,
) -> None:
    installation = started(prepare)
    postmaster = child(installation.pid, "postgres").pid
    others = [p.pid for p in family_of(installation.pid) if p.role != "postgres"]

    installation.kill()

    wait_until_gone(others)
    assert is_alive(postmaster)
    installation.start()
    installation.wait_until_ready()
    assert not is_alive(postmaster)
    assert "Ending the database of a Backline that was killed" in installation.log()
    assert installation.stop() == 0


def test_after_a_crash_of_everything_nothing_is_lost(prepare: Prepare) -> None:
    installation = started(prepare)
    with installation.administrator() as client:
        me = client.get("/users/me").json()
    everything = [installation.pid, *(p.pid for p in family_of(installation.pid))]

    for pid in everything:
        os.kill(pid, signal.SIGSTOP)
    for pid in everything:
        os.kill(pid, signal.SIGKILL)
    installation.kill()
    wait_until_gone(everything)

    installation.start()
    installation.wait_until_ready()
    with installation.login("admin@example.org") as client:
        assert client.get("/users/me").json()["id"] == me["id"]
    assert installation.stop() == 0


def test_a_crash_while_the_cluster_is_made_leaves_nothing_half_made(prepare: Prepare) -> None:
    installation = prepare(from_nothing=True)
    installation.start()
    wait_for((installation.data / ".postgres-new/cluster").exists, "initdb", limit_s=60)
    family = [p.pid for p in family_of(installation.pid)]

    installation.kill()
    wait_until_gone([pid for pid in family if "initdb" not in _title_or_nothing(pid)])
    wait_for(lambda: not any(is_alive(pid) for pid in family), "initdb to end")

    assert not (installation.data / "postgres").exists()
    installation.start()
    installation.wait_until_ready()
    assert not (installation.data / ".postgres-new").exists()


def _title_or_nothing(pid: int) -> str:
    try:
        return _title(pid)
    except OSError:
        return ""


def test_a_second_ctrl_c_ends_it_at_once(prepare: Prepare) -> None:
    installation = started(prepare)
    family = [p.pid for p in family_of(installation.pid)]
    server = child(installation.pid, "serve").pid
    os.kill(server, signal.SIGSTOP)

    os.kill(installation.pid, signal.SIGINT)
    wait_for(lambda: not is_alive(child_or_zero(installation, "work")), "the worker to end")
    code = installation.stop(signal.SIGINT)

    assert code == 130
    wait_until_gone(family)


def child_or_zero(installation: Installation, role: str) -> int:
    try:
        return child(installation.pid, role).pid
    except LookupError:
        return 0


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands its work to another user")
def test_only_the_supervisor_is_root(prepare: Prepare) -> None:
    installation = started(prepare)

    for process in family_of(installation.pid):
        status = status_of(process.pid)
        assert process.uid != 0, process
        assert "0" not in status["Uid"].split() + status["Gid"].split() + status["Groups"].split()
        if process.role != "postgres":
            assert status["NoNewPrivs"] == "1", process
    assert installation.data.stat().st_uid != 0
    assert installation.data.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["with a space, and a comma", "ö" * 20, "deep/" * 40 + "end"])
def test_any_path_will_do(prepare: Prepare, name: str) -> None:
    installation = prepare(from_nothing=True)
    installation.data = installation.folder / name

    installation.start()
    installation.wait_until_ready()

    note = (installation.data / "postgres/postmaster.pid").read_text().splitlines()
    sockets = Path(note[4])
    assert sockets.is_dir()
    assert installation.stop() == 0
    assert installation.data in sockets.parents or not sockets.exists()


def test_a_server_that_ends_again_and_again_ends_everything(prepare: Prepare) -> None:
    installation = started(prepare)
    family = [p.pid for p in family_of(installation.pid)]

    def is_over() -> bool:
        server = child_or_zero(installation, "serve") if is_alive(installation.pid) else 0
        if server:
            os.kill(server, signal.SIGKILL)
        return not is_alive(installation.pid)

    wait_for(is_over, "it to give up", context=installation.log)

    assert installation.stop() == 1
    assert "“backline serve” ends again and again" in installation.log()
    wait_until_gone(family)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands its work to another user")
def test_the_program_may_lie_in_a_closed_home(prepare: Prepare, tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(0o700)
    shutil.copytree(ROOT / "src", home / "src")
    installation = prepare(PYTHONPATH=str(home / "src"))

    installation.start()
    installation.wait_until_ready()

    page = httpx.get(installation.url, headers={"accept": "text/html"})
    assert "<title>Backline</title>" in page.text
    assert installation.stop() == 0
