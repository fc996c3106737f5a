"""A Redis of the tests' own: Debian's server on a socket in a folder, without persistence."""

import contextlib
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

START_S = 60
NAMES = ("redis-server", "valkey-server")


class PrivateRedis:
    """One server. It can be killed and started again, empty, or made to hang."""

    def __init__(self, folder: Path, program: str) -> None:
        self._program, self._socket = program, folder / "redis.sock"
        self.url = f"unix://{self._socket}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        command = [self._program, "--port", "0", "--unixsocket", str(self._socket), "--save", ""]
        self._process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        deadline_s = time.monotonic() + START_S
        while True:
            try:
                with redis.Redis.from_url(self.url) as client:
                    client.ping()
            except (redis.RedisError, OSError):
                if time.monotonic() > deadline_s or self._process.poll() is not None:
                    raise
                time.sleep(0.05)
            else:
                return

    @property
    def pid(self) -> int:
        """The server's process."""
        if self._process is None:
            raise RuntimeError("it isn't running")
        return self._process.pid

    def open_to_all(self) -> None:
        """Let programs of other users in: as root, Backline gives its rights up."""
        self._socket.parent.chmod(0o755)
        self._socket.chmod(0o777)

    def kill(self) -> None:
        """End it at once; what it kept is gone."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()
            self._socket.unlink(missing_ok=True)


@contextlib.contextmanager
def running() -> Iterator[PrivateRedis]:
    """A server that is gone when the `with` ends; the test is skipped where there is none."""
    program = next((found for name in NAMES if (found := shutil.which(name))), None)
    if program is None:
        pytest.skip("redis-server isn't here (on Debian or Ubuntu: apt-get install redis-server)")
    with tempfile.TemporaryDirectory(prefix="backline-redis-") as folder:
        server = PrivateRedis(Path(folder), program)
        try:
            server.start()
            yield server
        finally:
            server.kill()
