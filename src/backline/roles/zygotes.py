"""What becomes of a process whose confined processes can't be made any more."""

import asyncio

from backline.platform.confined import Confinement


async def stop_when_lost(confinement: Confinement, stop: asyncio.Event) -> None:
    """Set `stop` when the zygote has ended unasked: a supervisor then starts both anew."""
    await confinement.wait_lost()
    stop.set()
