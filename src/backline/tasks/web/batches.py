"""HTTP for many operations at once."""

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.tasks import batches
from backline.tasks.batches import BatchForm, BatchResult


@post("/tasks/batch", status_code=200, tags=["tasks"], summary="Many at once", idempotent=True)
async def run_batch(
    data: JSONBody[BatchForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    request_id: NamedDependency[str],
) -> BatchResult:
    """Up to 1,000 operations in one transaction; each has its own status in `results`.

    What can't be done (`404`, `412`, `422`) changes nothing, and the others are done all the same.
    """
    async with database.write() as tx:
        return await batches.run(tx, actor, data.operations, request_id)


ROUTES = [run_batch]
