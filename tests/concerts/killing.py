"""Workers that are killed while they work, each begun while the one before is at it."""

import asyncio
import json
import os
import random
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.concerts import work_process
from tests.platform.jobs.working import eventually
from tests.support.tree import ROOT


class Workers:
    """Processes in the folder of a server, one after the other."""

    def __init__(self, dsn: str, folder: Path, **told: str) -> None:
        program = [sys.executable, str(Path(work_process.__file__)), dsn, str(folder)]
        self._program = [*program, json.dumps(told)]
        self._next = self._begun()

    async def killed(
        self, is_at_it: Callable[[], Awaitable[bool]], luck: random.Random, within_s: float
    ) -> None:
        """Have one work until it is at something, and kill it some moment later."""
        process = self._go()
        try:
            await eventually(is_at_it)
            await asyncio.sleep(luck.uniform(0, within_s))  # anywhere between two lines
        finally:
            _kill(process)

    async def until(self, condition: Callable[[], Awaitable[bool]]) -> None:
        """Have one work until it has come about."""
        process = self._go()
        try:
            await eventually(condition)
        finally:
            _kill(process)

    def close(self) -> None:
        """End the one that is ready."""
        _kill(self._next)

    def _go(self) -> "subprocess.Popen[bytes]":
        process = self._next
        assert process.stdin is not None
        process.stdin.write(b"\n")
        process.stdin.flush()
        self._next = self._begun()
        return process

    def _begun(self) -> "subprocess.Popen[bytes]":
        env = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        return subprocess.Popen(
            self._program, env=env, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL
        )


@contextmanager
def workers(dsn: str, folder: Path, **told: str) -> Iterator[Workers]:
    """For as long as a block lasts."""
    made = Workers(dsn, folder, **told)
    try:
        yield made
    finally:
        made.close()


def _kill(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
    if process.stdin is not None:
        process.stdin.close()
