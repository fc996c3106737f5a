"""A domain's own command: what it says, also where the system refuses it a file."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from backline.commands import own_command
from backline.commands.ground import CareFault
from backline.platform.secrets import load_or_make_secrets
from backline.platform.settings import Command
from tests.commands import touching

COMMAND = Command(("toy", "touch"), "tell how long a file is", touching.__name__)


@pytest.fixture(autouse=True)
def installation(dsn: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """One with a database of its own; the signals are afterwards as they were."""
    monkeypatch.setenv("BACKLINE_DATABASE_URL", dsn)
    secret = tmp_path / "secret.json"
    load_or_make_secrets(secret)
    monkeypatch.setenv("BACKLINE_SECRET_FILE", str(secret))
    monkeypatch.setenv("BACKLINE_DATA_DIR", str(tmp_path / "data"))
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


def test_what_it_says_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "song").write_bytes(b"la la")

    assert own_command.run(COMMAND, {"path": tmp_path / "song"}, data=None) == 0
    assert capsys.readouterr().out == "5\n"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("none", "There is no file {path}."),
        ("folder", "{path}: Is a directory."),
        ("file/in", "{path}: Not a directory."),
        ("x" * 300, "{path}: File name too long."),
    ],
)
def test_what_the_system_refuses_is_said_in_a_line(tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").touch()
    path = tmp_path / name

    with pytest.raises(CareFault) as refused:
        own_command.run(COMMAND, {"path": path}, data=None)

    assert str(refused.value) == said.format(path=path)


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (
            PermissionError(13, "Permission denied", "/srv/x"),
            "/srv/x may not be opened by whoever runs this command.",
        ),
        (OSError(28, "No space left on device"), "It couldn't be done: No space left on device."),
        (TimeoutError(), "It couldn't be done: TimeoutError."),
    ],
)
def test_whatever_the_system_says_has_words(fault: OSError, said: str) -> None:
    assert own_command._told(fault) == said
