"""What happens to uploads behind the requests: the end of those that were given up."""

from backline.platform.jobs import JobContext, Nothing
from backline.platform.storage import Staging
from backline.uploads import resumable


async def sweep(context: JobContext, _payload: Nothing, staging: Staging) -> None:
    """End uploads that have expired, and remove bytes that none points to."""
    await resumable.sweep(context.database, staging)
