"""A process that works until it is killed: `work_process.py DSN FOLDER SETTINGS`, the last as JSON.

It is ready before it begins, and begins with the first line that it is sent.
"""

import asyncio
import json
import sys
from pathlib import Path

from tests.concerts.conftest import worker
from tests.support.api import serving_api


async def main(dsn: str, folder: str, settings: str) -> None:
    """Work on whatever is queued."""
    told = json.loads(settings)
    async with serving_api(dsn, Path(folder), quiet=True, **told) as api:
        await asyncio.to_thread(sys.stdin.readline)
        async with worker(api, lease_s=1.0):
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
