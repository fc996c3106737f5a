"""A process that works until it is killed: `work_process.py DSN FOLDER SETTINGS`, the last as JSON.

It is ready before it begins, and begins with the first line that it is sent.
"""

import asyncio
import json
import sys
from pathlib import Path

from backline.concerts.wiring import DOMAIN
from backline.main import load, program
from backline.platform.jobs import Worker
from backline.platform.shared import open_platform
from backline.roles.work import services
from tests.support.confinement import confined


async def main(dsn: str, folder: str, settings: str) -> None:
    """Work on whatever is queued, as `work` does."""
    told = {
        "BACKLINE_DATABASE_URL": dsn,
        "BACKLINE_DATA_DIR": folder,
        "BACKLINE_SECRET_FILE": str(Path(folder) / "secrets.json"),
    }
    everything, loaded = program(), load(told | json.loads(settings))
    async with (
        confined(DOMAIN.confined) as confinement,
        open_platform(
            loaded, everything.declared, connections=8, confinement=confinement
        ) as platform,
        everything.running(platform) as parts,
    ):
        platform.work_dir.mkdir(exist_ok=True)
        worker = Worker(
            platform.database,
            None,
            services=services(platform, everything, parts),
            lease_s=1.0,
            poll_s=0.1,
        )
        await asyncio.to_thread(sys.stdin.readline)
        await worker.run(asyncio.Event())


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
