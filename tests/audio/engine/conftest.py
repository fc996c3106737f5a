"""A confinement with the engine's decoders, for the tests of this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backline.audio.engine.findings import Covers, NoCover
from backline.audio.engine.render import Rendition, render
from backline.audio.engine.source import Source, draw_covers, inspect
from backline.platform.confined import Confinement, Limits
from tests.support import sounds
from tests.support.confinement import confined
from tests.support.pictures import Measured, measure

CONFINED = ("probe", "tags", "cover", "levelling", "package")
DECODERS = [f"backline.audio.engine.{name}" for name in CONFINED]
LIMITS = Limits(memory_bytes=512 << 20, cpu_s=30, wall_s=120)


class Engine:
    """The engine as a job uses it, with folders of this test's own."""

    def __init__(self, confinement: Confinement, folder: Path) -> None:
        self.confinement = confinement
        self.work = folder / "aside"
        self.out = folder / "out"
        self.work.mkdir()
        self.out.mkdir()

    async def inspect(self, path: Path) -> Source:
        return await inspect(self.confinement, path, self.work)

    async def render(self, path: Path, out: Path | None = None) -> Rendition:
        source = await self.inspect(path)
        where = out or self.out
        return await render(self.confinement, path, source.probe, where, sounds.ffmpeg())

    async def cover(self, *pictures: Path) -> Covers | NoCover:
        return await draw_covers(self.confinement, pictures, self.out)

    async def measure(self, name: str) -> Measured:
        path = self.out / name
        return await self.confinement.call(
            measure, str(path), returns=Measured, limits=LIMITS, reads=[path]
        )


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    folder = tmp_path / "engine"
    folder.mkdir()
    async with confined([*DECODERS, "tests.support.pictures"]) as confinement:
        yield Engine(confinement, folder)
