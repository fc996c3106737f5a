-- What is due soon, of everybody's: asked every few minutes, so it has to be found by its time alone.
CREATE INDEX tasks_by_due_time ON tasks (due_at, id)
  WHERE deleted_at IS NULL AND completed_at IS NULL AND due_at IS NOT NULL;

-- How far people have been told of what is due soon: all tasks up to this time and id.
CREATE TABLE task_due_told (
  is_only boolean PRIMARY KEY DEFAULT true CHECK (is_only),
  due_at timestamptz NOT NULL,
  id uuid NOT NULL
);
