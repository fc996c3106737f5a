"""A process that matches until it is killed: `match_process.py DSN URL FOLDER`."""

import asyncio
import sys
from pathlib import Path

from tests.concerts.conftest import worker
from tests.support.api import serving_api


async def main(dsn: str, url: str, folder: str) -> None:
    """Work on whatever is queued."""
    told = {
        "BACKLINE_SETLISTFM_KEY": "k",
        "BACKLINE_SETLISTFM_URL": url,
        "BACKLINE_SETLISTFM_PER_SECOND": "100",
        "BACKLINE_SETLISTFM_BURST": "100",
        "BACKLINE_SETLISTFM_PER_DAY": "1000000",
    }
    async with serving_api(dsn, Path(folder), quiet=True, **told) as api, worker(api, lease_s=2.0):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
