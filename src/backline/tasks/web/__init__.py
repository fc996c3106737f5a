"""HTTP for tasks: the modules by noun, and all their routes."""

from backline.tasks.web import (
    attachments,
    batches,
    comments,
    exports,
    invitations,
    lists,
    members,
    projects,
    reminders,
    statistics,
    subtasks,
    tasks,
    trash,
    views,
)

ROUTES = [
    *lists.ROUTES,
    *statistics.ROUTES,
    *batches.ROUTES,
    *trash.ROUTES,
    *views.ROUTES,
    *exports.ROUTES,
    *tasks.ROUTES,
    *subtasks.ROUTES,
    *comments.ROUTES,
    *attachments.ROUTES,
    *reminders.ROUTES,
    *projects.ROUTES,
    *members.ROUTES,
    *invitations.ROUTES,
]
