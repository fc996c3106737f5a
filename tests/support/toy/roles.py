"""The process of its own that toys have: it plays until it is told to end."""

import asyncio
import os

from backline.platform import telemetry
from backline.platform.domain import Program
from backline.platform.settings import Settings

from .options import ToyOptions


async def play(settings: Settings, program: Program, stop: asyncio.Event) -> None:
    """Note in the data folder who plays, and in the end that they put everything away."""
    note, options = settings.data_dir / "toy", settings.of(ToyOptions)
    with telemetry.serving_metrics(settings.metrics_host, options.toy_metrics_port):
        note.write_text(f"{os.getpid()} plays one of {len(program.roles)}")
        await stop.wait()
        note.write_text(f"{os.getpid()} put away")
