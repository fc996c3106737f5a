"""What tasks can be set to."""

from typing import Final

import msgspec

from backline.platform.settings import Option, Options, parsing


class TaskOptions(msgspec.Struct, frozen=True):
    """Its values."""

    archive_tasks_after_days: int


OPTIONS: Final = Options(
    TaskOptions,
    (
        Option(
            "ARCHIVE_TASKS_AFTER_DAYS",
            parsing.between(1, 36_500),
            90,
            "How many days after it was done a task goes into the archive. It is found there, too.",
        ),
    ),
)
