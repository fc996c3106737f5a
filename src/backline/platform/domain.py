"""What a domain hands to the composition root: one `Domain`, its table of contents."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from litestar.types import ControllerRouterHandler

    from backline.platform.cache import Cached
    from backline.platform.figures import Count
    from backline.platform.jobs import Job, Schedule, Subscription
    from backline.platform.kept import Kept
    from backline.platform.limits import Limit


class Domain(msgspec.Struct, frozen=True, kw_only=True):
    """A domain's parts: HTTP routes under `/api/v1`, what is cached or limited, jobs, files."""

    name: str
    routes: "Sequence[ControllerRouterHandler]" = ()
    jobs: "Sequence[Job]" = ()
    schedules: "Sequence[Schedule]" = ()
    subscriptions: "Sequence[Subscription]" = ()
    kept: "Kept | None" = None
    count: "Count | None" = None
    caches: "Sequence[Cached]" = ()
    limits: "Sequence[Limit]" = ()
