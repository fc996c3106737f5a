"""HTTP for administrators: the installation in figures."""

from litestar import get
from litestar.di import NamedDependency

from backline.platform.actor import Actor
from backline.platform.admin.figures import Figures, Stats


@get("/admin/stats", tags=["administration"], summary="The installation in figures")
async def get_stats(actor: NamedDependency[Actor], figures: NamedDependency[Figures]) -> Stats:
    """People, what they store, and jobs by their states; at most a minute old."""
    return await figures.stats(actor)


ROUTES = [get_stats]
