"""The platform's own table of contents: what belongs to no domain, declared as a domain does."""

import msgspec

from backline.platform import audit, events, jobs
from backline.platform.admin import (
    audit_web,
    cache_web,
    events_web,
    figures_web,
    jobs_web,
    mail_web,
)
from backline.platform.admin.figures import STATS, Figures
from backline.platform.audit import People
from backline.platform.cache import jobs as cache_jobs
from backline.platform.database import Write
from backline.platform.domain import ByRequest, Domain, EachTime, Once
from backline.platform.events import EventHub
from backline.platform.front.views import View, provide_depends
from backline.platform.http import scopes
from backline.platform.http.origins import own_origins
from backline.platform.jobs import JobRow
from backline.platform.mail import jobs as mail_jobs
from backline.platform.mail import mail_settings
from backline.platform.shared import Platform
from backline.platform.storage import cdn
from backline.platform.storage import sweep as storage_sweep


class Served(msgspec.Struct, frozen=True):
    """The platform as a server has it: the parts that its handlers are given.

    `view` is the database as a request sees it.
    """

    platform: Platform
    hub: EventHub
    figures: Figures
    people: People
    view: View

    async def check_disk(self) -> None:
        """Say why uploads and what is made of them wait.

        Raises:
            DiskFull: this machine's disk is at its floor.
        """
        self.platform.staging.check_room(0)


DOMAIN = Domain(
    name=scopes.SHARED,
    routes=[
        *events_web.ROUTES,
        *jobs_web.ROUTES,
        *cache_web.ROUTES,
        *audit_web.ROUTES,
        *figures_web.ROUTES,
        *mail_web.ROUTES,
    ],
    provides={
        "settings": Once(lambda served: served.platform.settings),
        "database": ByRequest(lambda served: served.view),
        "storage": Once(lambda served: served.platform.storage),
        "staging": Once(lambda served: served.platform.staging),
        "signer": Once(lambda served: served.platform.signer),
        "costly": Once(lambda served: served.platform.costly),
        "audible": Once(lambda served: served.platform.declared.topics),
        "mail": Once(lambda served: mail_settings(served.platform.settings)),
        "origins": Once(lambda served: own_origins(served.platform.settings)),
        "hub": Once(lambda served: served.hub),
        "figures": Once(lambda served: served.figures),
        "people": Once(lambda served: served.people),
        "depends": EachTime(provide_depends),
        "address": EachTime(audit_web.provide_address),
        "request_id": EachTime(audit_web.provide_request_id),
    },
    services=lambda platform: mail_settings(platform.settings),
    jobs=[*cache_jobs.JOBS, *audit.JOBS, *mail_jobs.JOBS, *storage_sweep.JOBS, *cdn.JOBS],
    schedules=[
        *cache_jobs.SCHEDULES,
        *audit.SCHEDULES,
        *mail_jobs.SCHEDULES,
        *storage_sweep.SCHEDULES,
        *cdn.SCHEDULES,
    ],
    caches=[STATS],
    limits=events_web.LIMITS,
    topics={"jobs": f"{scopes.SHARED}:read"},
    checks=lambda served: {"disk": served.check_disk},
)


async def tell_job(tx: Write, row: JobRow) -> None:
    """Let the owner of a job hear of its change."""
    if row.owner_id is not None:
        await events.publish(tx, row.owner_id, "jobs", "job", jobs.status_of(row))
