"""What becomes of confined work on a full disk: nobody's bytes are blamed for it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backline.platform.confined import Confinement, Crashed, Limits
from backline.platform.errors import DiskFull
from tests.support import strangers
from tests.support.confinement import confined
from tests.support.disks import small_disk

LIMITS = Limits(memory_bytes=64 << 20, cpu_s=20, wall_s=60)


@pytest.fixture
async def confinement() -> AsyncIterator[Confinement]:
    async with confined(["tests.support.strangers"]) as opened:
        yield opened


async def test_a_full_disk_is_told_from_a_fault_of_the_bytes(
    confinement: Confinement, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", 256) as disk:
        with pytest.raises(DiskFull):
            await confinement.call(
                strangers.write_large_file, disk / "a", 1 << 20,
                returns=int, limits=LIMITS, writes=[disk],
            )  # fmt: skip
        with pytest.raises(DiskFull):
            await confinement.run(
                ["/bin/dd", "if=/dev/zero", f"of={disk / 'b'}", "bs=64k", "count=16"],
                limits=LIMITS, writes=[disk],
            )  # fmt: skip


async def test_a_full_disk_has_no_part_in_what_writes_elsewhere(
    confinement: Confinement, tmp_path: Path
) -> None:
    with small_disk(tmp_path / "disk", 256) as disk, pytest.raises(Crashed):
        await confinement.call(
            strangers.fail, "No space left on device", returns=int, limits=LIMITS, reads=[disk]
        )
