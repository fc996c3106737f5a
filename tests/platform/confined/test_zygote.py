"""How a zygote ends: quietly, whenever its worker does."""

import os
import select
import socket
import time
from pathlib import Path

from backline.platform.confined import Zygote, fork_zygote
from backline.platform.confined.protocol import READY
from tests.support.waiting import WAIT_S


def exit_code(zygote: Zygote) -> int:
    _, status = os.waitpid(zygote.pid, 0)
    return os.waitstatus_to_exitcode(status)


def test_a_socket_is_all_that_the_worker_keeps() -> None:
    zygote = fork_zygote()

    assert isinstance(zygote.socket, socket.socket)
    zygote.socket.close()
    assert exit_code(zygote) == 0


def test_it_ends_with_a_worker_that_has_heard_it() -> None:
    zygote = fork_zygote()
    zygote.socket.setblocking(True)
    zygote.socket.settimeout(WAIT_S)

    assert zygote.socket.recv(4096) == READY
    zygote.socket.close()

    assert exit_code(zygote) == 0


def test_it_ends_with_a_worker_that_never_heard_it() -> None:
    zygote = fork_zygote()

    readable, _, _ = select.select([zygote.socket], [], [], WAIT_S)
    assert readable
    zygote.socket.close()  # with what was said still in it: the other end is reset

    assert exit_code(zygote) == 0


def test_it_ends_with_a_worker_that_was_gone_before_it_was_ready(tmp_path: Path) -> None:
    gone = tmp_path / "gone"

    def until_it_is_gone() -> None:
        while not gone.exists():
            time.sleep(0.01)

    zygote = fork_zygote(before_work=until_it_is_gone)
    zygote.socket.close()
    gone.touch()

    assert exit_code(zygote) == 0
