"""What confined programs print, read while they run."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backline.platform.confined import Confinement, Crashed, Limits, TooMuchOutput
from tests.support.confinement import confined
from tests.support.waiting import until

pytestmark = pytest.mark.slow

LIMITS = Limits(memory_bytes=64 << 20, cpu_s=20, wall_s=600)


@pytest.fixture
async def confinement() -> AsyncIterator[Confinement]:
    async with confined() as opened:
        yield opened


def is_gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    return not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z"


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_what_a_program_prints_is_read_while_it_runs(confinement: Confinement) -> None:
    given, ours = (
        os.fdopen(end, mode, 0) for end, mode in zip(os.pipe(), ("rb", "wb"), strict=True)
    )
    with given, ours:
        async with confinement.reading(
            ["/bin/cat"], limits=LIMITS, stdin=given.fileno()
        ) as printed:
            given.close()
            ours.write(b"one")
            assert await printed.read() == b"one"
            ours.close()
            assert await printed.read() == b""
            assert (await printed.end()).returncode == 0


async def test_a_program_waits_for_its_reader_and_ends_with_them(confinement: Confinement) -> None:
    await confinement.run(["/bin/true"], limits=LIMITS)
    before = open_descriptors()
    script = "echo $$ >&2; exec cat /dev/zero"
    async with confinement.reading(["/bin/sh", "-c", script], limits=LIMITS) as printed:
        await printed.read()
        await until(printed.tail)
        pid = int(printed.tail())
        assert not is_gone(pid)

    await until(lambda: is_gone(pid))
    await until(lambda: open_descriptors() <= before)


async def test_what_goes_wrong_with_a_program_is_told_at_its_end(confinement: Confinement) -> None:
    async with confinement.reading(["/no/such/program"], limits=LIMITS) as printed:
        assert await printed.read() == b""
        with pytest.raises(Crashed, match="can't be started"):
            await printed.end()
    async with confinement.reading(["/bin/sh", "-c", "echo no >&2; exit 3"], limits=LIMITS) as it:
        assert await it.read() == b""
        assert (await it.end()).returncode == 3
    few = Limits(memory_bytes=64 << 20, cpu_s=20, wall_s=600, output_bytes=1000)
    async with confinement.reading(["/bin/cat", "/dev/zero"], limits=few) as printed:
        with pytest.raises(TooMuchOutput):
            await printed.read()
