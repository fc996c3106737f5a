"""What forms and patches may refer to: projects to put tasks into, and whom tasks may be given to.

It is looked up once for all of them, so that applying them needs nothing but what stands here.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

import msgspec
from msgspec import UNSET

from backline import accounts
from backline.accounts import Container
from backline.platform.actor import Actor
from backline.platform.database import Write
from backline.platform.errors import (
    BacklineError,
    Conflict,
    FieldFault,
    Forbidden,
    Invalid,
    NotFound,
)
from backline.tasks import access
from backline.tasks.models import Task, TaskForm, TaskPatch
from backline.tasks.sql.projects import ProjectRow

MOST_PROJECTS: Final = 50


class Ground(msgspec.Struct, frozen=True):
    """The projects that were named, each or why not; and of those who were, who belongs where."""

    actor_id: UUID
    projects: Mapping[UUID, ProjectRow | BacklineError]
    people: Mapping[UUID, Collection[UUID]]

    def owner_of(self, project_id: UUID | None) -> UUID:
        """Whose a task in this project is, or in none.

        Raises:
            BacklineError: the actor may not put one there.
        """
        if project_id is None:
            return self.actor_id
        found = self.projects[project_id]
        if isinstance(found, BacklineError):
            raise found
        return found.owner_id

    def belongs(self, owner_id: UUID, project_id: UUID | None, user_id: UUID) -> bool:
        """Whether a task there can be somebody's to do."""
        return user_id == owner_id or (
            project_id is not None and user_id in self.people.get(project_id, ())
        )

    def check_assignee(self, owner_id: UUID, project_id: UUID | None, user_id: UUID) -> None:
        """Refuse to give a task to somebody who doesn't see it.

        Raises:
            NotFound: they don't.
        """
        if not self.belongs(owner_id, project_id, user_id):
            raise NotFound("There is no such member. Whoever a task is given to has to be one.")

    def check_move(self, task: Task, project_id: UUID | None) -> None:
        """Refuse to put a task into another project, or into none, where that can't be.

        Raises:
            BacklineError: the actor may not, or it would change its owner.
        """
        if task.parent_id is not None:
            raise Conflict("A subtask goes where its task goes. Move that, or part the two first.")
        if project_id is None and task.owner_id != self.actor_id:
            raise Forbidden("Only the project's owner can take a task out of it.")
        if project_id is not None and self.owner_of(project_id) != task.owner_id:
            raise Conflict(
                "That project belongs to somebody else, and what is in it is theirs. "
                "Make the task there anew."
            )


async def survey(
    tx: Write,
    actor: Actor,
    forms: Iterable[TaskForm] = (),
    patches: Iterable[tuple[Task, TaskPatch]] = (),
) -> Ground:
    """Look up what forms, and patches of tasks that are locked, refer to.

    Raises:
        Invalid: they name more than fifty projects.
    """
    forms, patches = list(forms), list(patches)
    named = {form.project_id for form in forms if form.project_id is not None} | {
        patch.project_id for _, patch in patches if isinstance(patch.project_id, UUID)
    }
    if len(named) > MOST_PROJECTS:
        raise Invalid(
            f"That is about {len(named)} projects. Please name {MOST_PROJECTS} at once at most.",
            FieldFault("operations", "name too many projects"),
        )
    projects = {one: await _project(tx, actor, one) for one in sorted(named)}
    asked: defaultdict[tuple[UUID, UUID], set[UUID]] = defaultdict(set)
    for form in forms:
        row = projects.get(form.project_id) if form.project_id is not None else None
        if isinstance(row, ProjectRow) and form.assignee_id is not None:
            asked[row.owner_id, row.id].add(form.assignee_id)
    for task, patch in patches:
        project_id = task.project_id if patch.project_id is UNSET else patch.project_id
        user_id = task.assignee_id if patch.assignee_id is UNSET else patch.assignee_id
        is_asked = patch.project_id is not UNSET or patch.assignee_id is not UNSET
        if is_asked and project_id is not None and user_id is not None:
            asked[task.owner_id, project_id].add(user_id)
    people = {
        project_id: await accounts.members_among(
            tx, Container(owner_id, project_id, access.KIND), sorted(user_ids)
        )
        for (owner_id, project_id), user_ids in sorted(asked.items())
        if user_ids - {owner_id}
    }
    return Ground(actor.user_id, projects, people)


async def _project(tx: Write, actor: Actor, project_id: UUID) -> ProjectRow | BacklineError:
    try:
        found = await access.project(tx, actor, project_id, least="editor", is_changed=True)
    except BacklineError as fault:
        return fault
    return found.row
