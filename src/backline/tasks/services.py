"""What the jobs of tasks work with."""

from datetime import timedelta

import msgspec

from backline.platform.shared import Platform
from backline.platform.storage import Staging, Storage
from backline.tasks.options import TaskOptions


class TaskServices(msgspec.Struct, frozen=True):
    """The storage for exports and attachments, and how long what is done isn't archived."""

    storage: Storage
    staging: Staging
    archived_after: timedelta


def task_services(platform: Platform) -> TaskServices:
    """The services of a worker."""
    options = platform.settings.of(TaskOptions)
    after = timedelta(days=options.archive_tasks_after_days)
    return TaskServices(platform.storage, platform.staging, after)
