"""The sample tasks of `backline up --demo`: what a touring band has to think of, around today."""

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final, get_args

import msgspec

from backline.platform.actor import Actor
from backline.platform.database import Write
from backline.platform.shared import Platform
from backline.tasks import demo_project, lists, tasks
from backline.tasks.models import Filters, Priority, Status, TaskForm

_REQUEST: Final = "demo"


class Sample(msgspec.Struct, frozen=True):
    """A sample task. It is due `due_h` hours from now; None: at no time."""

    title: str
    status: Status
    priority: Priority
    labels: tuple[str, ...]
    due_h: int | None = None
    description: str = ""
    is_trashed: bool = False


_VAN: Final = """Ask for a long wheelbase with **nine seats** and a bulkhead.

- two guitar amplifiers, one bass amplifier
- drums in four cases
- merchandise: six boxes at most
"""
_RIDER: Final = """The house in Leipzig has a new desk.

1. Input list: 24 channels, the two synthesizers in stereo
2. Four wedges, two of them on one mix
3. 16 A for the backline, stage left
"""
_SET: Final = """Fifty minutes at the most, no encore.

*Slow Lights*, *Copper Wire*, *Night Bus 14*, then the new one; *Kiosk* if there is time.
"""

# One dozen for each of the sample people: who leads, who sees to the gear, who sees to the world.
_LEADING: Final = (
    Sample("Hire the van for the autumn tour", "doing", "urgent", ("tour", "travel"), 20, _VAN),
    Sample("Sign the contract with the Harbour Club", "todo", "urgent", ("booking",), -26),
    Sample("Answer the festival in Ghent about the slot", "todo", "high", ("booking",), 5),
    Sample("Book rooms in Leipzig for six", "todo", "high", ("tour", "travel"), 74),
    Sample("Write the set list for Friday", "doing", "high", ("show",), 48, _SET),
    Sample("Call sheet for the run of five", "todo", "medium", ("tour",), 96),
    Sample("Split the takings of the spring run", "doing", "medium", ("money",), -3),
    Sample("Send the invoice for the club night", "done", "high", ("money", "booking"), -50),
    Sample("Find somebody to sell merchandise in Prague", "todo", "low", ("merch",), 260),
    Sample("Ask Ona Velde whether she opens for us", "done", "medium", ("booking",), -120),
    Sample("Visas for the winter dates", "archived", "high", ("travel",), -900),
    Sample("Rehearsal on Sunday", "todo", "low", ("show",), -200, is_trashed=True),
)
_GEAR: Final = (
    Sample("New strings and a spare set for both basses", "todo", "high", ("gear",), 26),
    Sample("Have the tube amplifier looked at", "doing", "urgent", ("gear", "repair"), 7),
    Sample("Technical rider for Leipzig", "doing", "high", ("show", "rider"), 50, _RIDER),
    Sample("Label the cases and weigh them", "todo", "medium", ("gear", "travel"), 30),
    Sample("Buy gaffer tape, batteries, earplugs", "todo", "medium", ("gear",), 2),
    Sample("Back up the samplers before we leave", "todo", "high", ("gear",), 44),
    Sample("Tune the snare for the small rooms", "done", "low", ("gear", "show"), -30),
    Sample("Clicks and tracks for Night Bus 14", "doing", "medium", ("show",), 70),
    Sample("Mix the recording of the last show", "todo", "low", ("recording",), 340),
    Sample("Return the borrowed stage piano", "todo", "medium", ("gear",), -18),
    Sample("Repair the pedal board's supply", "archived", "high", ("gear", "repair"), -760),
    Sample("Sell the old monitors", "todo", "low", ("gear", "money"), is_trashed=True),
)
_WORLD: Final = (
    Sample("Announce the autumn dates", "todo", "urgent", ("press",), 3),
    Sample("Shirts: decide on the two colours", "doing", "high", ("merch",), 28),
    Sample("Posters to the venues", "todo", "high", ("press", "tour"), 52),
    Sample("Choose photos of the Harbour Club", "doing", "medium", ("photos",), 10),
    Sample("Interview with the student radio", "todo", "medium", ("press",), 31),
    Sample("Guest list for Friday", "todo", "high", ("show",), 46),
    Sample("Count what is left of the records", "done", "medium", ("merch",), -70),
    Sample("Register the new songs", "todo", "medium", ("money", "recording"), -8),
    Sample("Cover of the single: second draft", "doing", "low", ("recording",), 150),
    Sample("Thank the people of the spring run", "done", "low", ("tour",), -140),
    Sample("Order vinyl for the summer", "archived", "high", ("merch", "money"), -1_100),
    Sample("Newsletter about the cancelled date", "todo", "low", ("press",), -4, is_trashed=True),
)


async def add(platform: Platform, people: Sequence[Actor]) -> dict[str, int]:
    """Give a dozen to each who has no task, and all a project; how much of what.

    It takes a transaction a person, and one for the project.
    """
    added, dozens = Counter[str](), (_LEADING, _GEAR, _WORLD)
    for place, actor in enumerate(people):
        async with platform.database.write() as tx:
            added["tasks"] += await _add(tx, actor, dozens[place % len(dozens)])
    if people:
        async with platform.database.write() as tx:
            added.update(await demo_project.add(tx, people))
    return dict(added)


async def _add(tx: Write, actor: Actor, samples: Sequence[Sample]) -> int:
    every = Filters(status=list(get_args(Status)), project="none")
    if await lists.page(tx, actor, every, after=None, limit=1):
        return 0
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    for sample in samples:
        form = TaskForm(
            title=sample.title,
            description=sample.description,
            status=sample.status,
            priority=sample.priority,
            labels=list(sample.labels),
            due_at=None if sample.due_h is None else now + timedelta(hours=sample.due_h),
        )
        task = await tasks.create(tx, actor, form, _REQUEST)
        if sample.is_trashed:
            await tasks.delete(tx, actor, task.id, _REQUEST)
    return len(samples)
