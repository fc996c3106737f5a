-- Whoever leaves is taken off what was archived, too.
CREATE INDEX archived_tasks_of_assignee ON archived_tasks (assignee_id, owner_id, project_id)
  WHERE assignee_id IS NOT NULL;
