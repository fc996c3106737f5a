"""The sample project of `backline up --demo`: three people on their way to one release."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

import msgspec

from backline import accounts
from backline.accounts import Container, MemberRank
from backline.platform.actor import Actor
from backline.platform.database import Write
from backline.tasks import access, comments, projects, subtasks, tasks
from backline.tasks.comments import CommentForm
from backline.tasks.models import Priority, Status, Task, TaskForm
from backline.tasks.projects import ProjectForm
from backline.tasks.sql import projects as sql
from backline.tasks.subtasks import SubtaskForm

_REQUEST: Final = "demo"
_PROJECT: Final = ProjectForm(
    "Night Bus: the single",
    "Out on a Friday, with a small party. *Everything* that has to be ready by then is here.",
    "purple",
)
_RANKS: Final[tuple[MemberRank, ...]] = ("editor", "commenter")


class Card(msgspec.Struct, frozen=True):
    """A sample task of the project: due so many days from now, for one of the three.

    `parts` are its subtasks, done from the front; `said` is who comments what, `@0` mentions.
    """

    title: str
    status: Status
    priority: Priority
    labels: tuple[str, ...]
    due_days: int | None = None
    whose: int | None = None
    parts: tuple[str, ...] = ()
    parts_done: int = 0
    said: tuple[tuple[int, str], ...] = ()


_CARDS: Final = (
    Card(
        "Master the single",
        "doing",
        "urgent",
        ("recording",),
        4,
        1,
        ("Send the mix", "Listen on the van's speakers", "Sign it off"),
        1,
        (
            (1, "The **second** chorus is louder than I remember. @0, is that how you want it?"),
            (0, "Yes! Leave it."),
            (2, "It sounds huge on headphones, too."),
        ),
    ),
    Card(
        "Cover: print and square",
        "doing",
        "high",
        ("artwork",),
        6,
        2,
        said=((2, "Draft 3 is in."),),
    ),
    Card("Write to the radio people", "todo", "medium", ("press",), 9, 2),
    Card("Book the back room for the party", "todo", "high", ("show",), 12, 0),
    Card("Who plays before us?", "todo", "low", ("show",), said=((0, "@1, ask Ona?"),)),
    Card("Register the song", "done", "medium", ("money",), -2, 0),
    Card("Choose the take", "done", "high", ("recording",), -9, 1),
)


async def add(tx: Write, people: Sequence[Actor]) -> dict[str, int]:
    """Share a project among the sample people, unless its owner has one: how much of what."""
    owner, *others = people
    if await sql.own(tx, owner.user_id):
        return {}
    made = await projects.create(tx, owner, _PROJECT)
    where = Container(owner.user_id, made.id, access.KIND)
    for actor, rank in zip(others, _RANKS, strict=False):
        await accounts.add_member(tx, where, actor.user_id, rank)
    inside = people[: 1 + len(_RANKS)]
    added = {"tasks": 0, "projects": 1, "comments": 0}
    for card in _CARDS:
        task = await _task(tx, inside, where, card)
        added["tasks"] += 1 + len(card.parts)
        for who, text in card.said:
            await comments.create(tx, _one(inside, who), task.id, CommentForm(_named(text, inside)))
            added["comments"] += 1
    return added


async def _task(tx: Write, inside: Sequence[Actor], where: Container, card: Card) -> Task:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    form = TaskForm(
        title=card.title,
        project_id=where.id,
        status=card.status,
        priority=card.priority,
        labels=list(card.labels),
        due_at=None if card.due_days is None else now + timedelta(days=card.due_days),
        assignee_id=None if card.whose is None else _one(inside, card.whose).user_id,
    )
    task = await tasks.create(tx, inside[0], form, _REQUEST)
    for number, title in enumerate(card.parts):
        part = SubtaskForm(title, status="done" if number < card.parts_done else "todo")
        await subtasks.create(tx, inside[0], task.id, part, _REQUEST)
    return task


def _one(inside: Sequence[Actor], number: int) -> Actor:
    return inside[number % len(inside)]


def _named(text: str, inside: Sequence[Actor]) -> str:
    """A text that mentions people by their ids."""
    for number, actor in enumerate(inside):
        text = text.replace(f"@{number}", f"@{actor.user_id}")
    return text
