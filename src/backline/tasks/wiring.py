"""The table of contents of tasks."""

from backline.accounts import UserDeleted
from backline.platform.cache import Cached
from backline.platform.domain import Domain
from backline.platform.jobs import Job, Schedule, Subscription
from backline.platform.limits import Limit, Policy
from backline.tasks import demo, exports, figures, files, jobs, notices, web
from backline.tasks.attachments import ATTACHMENTS
from backline.tasks.exports import ExportJob
from backline.tasks.services import task_services

_ARCHIVE, _PURGE, _EXPIRE = "tasks.archive", "tasks.purge", "tasks.expire-exports"
_PURGE_OWNER, _REMIND, _DUE = "tasks.purge-owner", "tasks.remind", "tasks.tell-due"
_MINE = ("tasks:{user}",)

DOMAIN = Domain(
    name="tasks",
    routes=web.ROUTES,
    caches=[
        Cached("/tasks", "tasks", 300, _MINE, shared=True),
        Cached("/tasks/trash", "task-trash", 300, _MINE, shared=True),
        Cached("/tasks/stats", "task-stats", 600, _MINE, shared=True),
        Cached("/tasks/views", "task-views", 3600, ("task-views:{user}",)),
        Cached("/tasks/exports", "task-exports", 300, ("task-exports:{user}",), holds_urls=True),
        Cached("/tasks/{task_id:uuid}", "task", 300, ("task:{task_id}", *_MINE), shared=True),
        Cached(
            "/tasks/{task_id:uuid}/attachments",
            "task-attachments",
            300,
            ("attachments:{task_id}", *_MINE),
            holds_urls=True,
            shared=True,
        ),
        Cached("/projects", "projects", 300, ("projects:{user}",), shared=True),
        Cached(
            "/projects/{project_id:uuid}", "project", 300, ("project:{project_id}",), shared=True
        ),
        Cached(
            "/projects/{project_id:uuid}/members",
            "project-members",
            300,
            ("project:{project_id}",),
            shared=True,
        ),
    ],
    limits=[
        Limit(Policy("invitation", 30, 900, "user", "window"), "POST", "/invitations/"),
        # Among it is what writes letters to addresses that somebody names.
        Limit(Policy("invite", 60, 3600, "user", "window"), "POST", "/projects/"),
    ],
    jobs=[
        Job(_ARCHIVE, jobs.archive, timeout_s=4 * 3600.0),
        Job(_PURGE, jobs.purge, timeout_s=4 * 3600.0),
        Job(exports.EXPORT, jobs.export, ExportJob, timeout_s=3600.0, on_dead=jobs.export_died),
        Job(_EXPIRE, jobs.expire),
        Job(_REMIND, jobs.remind, timeout_s=600.0),
        Job(_DUE, jobs.tell_due, timeout_s=600.0),
        Job(_PURGE_OWNER, jobs.purge_owner, UserDeleted, max_attempts=10),
    ],
    schedules=[
        Schedule(_ARCHIVE, daily_at="03:45"),
        Schedule(_PURGE, daily_at="04:00"),
        Schedule(_EXPIRE, every_s=3600),
        Schedule(_REMIND, every_s=30),
        Schedule(_DUE, every_s=300),
    ],
    subscriptions=[Subscription(UserDeleted, _PURGE_OWNER)],
    services=task_services,
    topics={"tasks": "tasks:read"},
    files=[files.EXPORTS, files.ATTACHMENTS],
    takes=[ATTACHMENTS],
    notices=notices.KINDS,
    count=figures.count,
    demo=demo.add,
)
