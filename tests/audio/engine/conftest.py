"""A confinement with the engine's decoders, for the tests of this folder."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from backline.audio.engine.render import Rendition, render
from backline.audio.engine.source import Source, inspect
from backline.platform.confined import Confinement
from tests.support import sounds
from tests.support.confinement import confined

DECODERS = [f"backline.audio.engine.{name}" for name in ("probe", "tags", "cover", "package")]


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


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    folder = tmp_path / "engine"
    folder.mkdir()
    async with confined(DECODERS) as confinement:
        yield Engine(confinement, folder)
