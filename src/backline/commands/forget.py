"""`backline forget [TAG]`: have every process of an installation empty its cache, or a part."""

import asyncio
import os
import sys

from backline.commands.ground import CareFault, standing
from backline.main import load
from backline.platform.cache.tags import MAX_TAG_BYTES, invalidate
from backline.platform.database import connect


def run(tag: str, *, data: str | None) -> int:
    """Invalidate a tag, such as `tracks:<owner's id in hex>`, or everything (`*`); the exit code.

    Raises:
        CareFault: that isn't a tag, or the installation isn't there.
    """
    if not 0 < len(tag) <= MAX_TAG_BYTES or not all("!" <= letter <= "~" for letter in tag):
        raise CareFault(f"A tag has 1 to {MAX_TAG_BYTES} printable ASCII characters, no spaces.")
    with standing(load(os.environ, {"DATA_DIR": data} if data else {})) as ground:
        if not ground.is_running:
            sys.stdout.write("Backline isn't running, so nothing is cached.\n")
            return 0
        asyncio.run(_forget(ground.dsn, tag))
    what = "everything" if tag == "*" else f"what depends on {tag}"
    sys.stdout.write(f"Within a second every process has forgotten {what}.\n")
    return 0


async def _forget(dsn: str, tag: str) -> None:
    database = await connect(dsn, max_size=1)
    try:
        async with database.write() as tx:
            invalidate(tx, tag)
    finally:
        await database.close()
