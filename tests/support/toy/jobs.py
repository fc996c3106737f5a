"""What is done with toys behind the requests."""

from backline.platform.jobs import JobContext, Nothing

from . import toys


async def shine(context: JobContext, payload: toys.ToyJob, prefix: str) -> None:
    """Make a toy shine."""
    async with context.finish() as tx:
        await toys.shine(tx, payload.toy_id, prefix)


async def tidy(context: JobContext, _payload: Nothing, _prefix: str) -> None:
    """Tidy up."""
    async with context.finish():
        pass
