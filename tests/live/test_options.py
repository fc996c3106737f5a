"""What live shows can be set to, and when their process is started."""

import socket
from pathlib import Path

from backline.commands.diagnosis import machine
from backline.live.options import LiveOptions
from backline.main import load


def test_without_a_port_up_starts_no_process() -> None:
    off = load({"BACKLINE_RTMP_PORT": "0"})
    secure = load({"BACKLINE_RTMP_PORT": "0", "BACKLINE_RTMPS_PORT": "1936"})

    assert off.processes == ()
    assert [one.name for one in secure.processes] == ["live"]
    assert secure.listening_ports == {"RTMPS_PORT": 1936}


def test_a_flag_says_which_port() -> None:
    assert load({}, {"RTMP_PORT": "1999"}).of(LiveOptions).rtmp_port == 1999


def test_doctor_looks_whether_the_port_can_be_had(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        settings = load({"BACKLINE_DATA_DIR": str(tmp_path), "BACKLINE_RTMP_PORT": port})

        found = list(machine.ports(settings, is_running=False))

    told = [one for one in found if f"Port {port}" in one.what]
    assert [one.level for one in told] == ["warning"]
    assert "BACKLINE_RTMP_PORT" in str(told[0].mend)
