-- Tasks that several people share: projects, who is let in, and what people say of tasks.

-- Somebody has two hundred at the most, so projects aren't partitioned; what is in them is.
CREATE TABLE projects (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  name_key text COLLATE "C" NOT NULL,      -- folded in the program
  description text NOT NULL,               -- Markdown, as it was written
  colour text NOT NULL,
  archived_at timestamptz,                 -- nothing in it is changed, nor listed among the rest
  deleted_at timestamptz,                  -- in the trash since, with all that is in it
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (owner_id, id)
);
-- Which of somebody's projects are out of their lists: asked by every list, so it has to be small.
CREATE INDEX projects_put_away ON projects (owner_id) INCLUDE (id)
  WHERE archived_at IS NOT NULL OR deleted_at IS NOT NULL;
CREATE INDEX projects_in_trash ON projects (deleted_at) WHERE deleted_at IS NOT NULL;

-- Whoever has the token may come in, until it ends. Of the token the hash is kept.
CREATE TABLE project_invitations (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  rank text NOT NULL CHECK (rank IN ('editor', 'commenter', 'viewer')),
  email text,                              -- whom it was sent to; NULL: a link
  token_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(token_sha256) = 32),
  uses int NOT NULL DEFAULT 0,
  max_uses int NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX project_invitations_of_project ON project_invitations (owner_id, project_id);
CREATE INDEX project_invitations_expiring ON project_invitations (expires_at);

-- When somebody wants to be reminded of a task, their own or one that is shared with them.
CREATE TABLE task_reminders (
  user_id uuid NOT NULL,
  id uuid NOT NULL,
  owner_id uuid NOT NULL,                  -- the task's
  task_id uuid NOT NULL,
  remind_at timestamptz,                   -- NULL: so long before a time that there isn't now
  before_due_s int,
  reminded_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, id)
);
CREATE INDEX task_reminders_waiting ON task_reminders (remind_at) WHERE reminded_at IS NULL;
CREATE INDEX task_reminders_of_task ON task_reminders (owner_id, task_id);

-- Subtasks are tasks with a parent. What is counted stands with the task, so that a list of them
-- costs no more than it did; only those who write it know of it.
ALTER TABLE tasks
  ADD COLUMN parent_id uuid,
  ADD COLUMN subtasks_total int NOT NULL DEFAULT 0,
  ADD COLUMN subtasks_done int NOT NULL DEFAULT 0,
  ADD COLUMN comment_count int NOT NULL DEFAULT 0,
  ADD COLUMN attachment_count int NOT NULL DEFAULT 0;
ALTER TABLE archived_tasks
  ADD COLUMN parent_id uuid,
  ADD COLUMN subtasks_total int NOT NULL DEFAULT 0,
  ADD COLUMN subtasks_done int NOT NULL DEFAULT 0,
  ADD COLUMN comment_count int NOT NULL DEFAULT 0,
  ADD COLUMN attachment_count int NOT NULL DEFAULT 0;

-- Lists of a project; a task in none pays for no more than it did.
CREATE INDEX tasks_of_project ON tasks (owner_id, project_id, created_at DESC, id DESC)
  WHERE deleted_at IS NULL AND project_id IS NOT NULL;
CREATE INDEX tasks_of_project_by_position ON tasks (owner_id, project_id, position, id)
  WHERE deleted_at IS NULL AND project_id IS NOT NULL;
CREATE INDEX tasks_of_project_by_due
  ON tasks (owner_id, project_id, (coalesce(due_at, 'infinity')), id)
  WHERE deleted_at IS NULL AND project_id IS NOT NULL;
CREATE INDEX tasks_of_project_open_by_due ON tasks (owner_id, project_id, due_at)
  WHERE deleted_at IS NULL AND completed_at IS NULL AND due_at IS NOT NULL
    AND project_id IS NOT NULL;
-- Whoever leaves is taken off what they were given, and the end of an account looks everywhere.
CREATE INDEX tasks_of_assignee ON tasks (assignee_id, owner_id, project_id)
  WHERE assignee_id IS NOT NULL;
CREATE INDEX tasks_of_parent ON tasks (owner_id, parent_id, position, id)
  WHERE parent_id IS NOT NULL;
CREATE INDEX archived_tasks_of_parent ON archived_tasks (owner_id, parent_id)
  WHERE parent_id IS NOT NULL;

CREATE TABLE task_comments (
  owner_id uuid NOT NULL,                  -- the task's
  id uuid NOT NULL,
  task_id uuid NOT NULL,
  author_id uuid NOT NULL,
  text text NOT NULL,                      -- Markdown, as it was written
  mentions uuid[] NOT NULL,                -- those members whom it names
  created_at timestamptz NOT NULL DEFAULT now(),
  edited_at timestamptz,
  version bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (owner_id, id)
) PARTITION BY HASH (owner_id);
CREATE INDEX task_comments_of_task ON task_comments (owner_id, task_id, id DESC);

-- The bytes lie in the storage, on the room of the task's owner, which bounds how many there are:
-- so they aren't partitioned.
CREATE TABLE task_attachments (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  task_id uuid NOT NULL,
  added_by uuid NOT NULL,
  filename text NOT NULL,
  content_type text NOT NULL,              -- as the sender said
  size_bytes bigint NOT NULL,
  sha256 bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX task_attachments_of_task ON task_attachments (owner_id, task_id, id);

DO $$
BEGIN
  FOR n IN 0..63 LOOP
    EXECUTE format('CREATE TABLE task_comments_%s PARTITION OF task_comments
      FOR VALUES WITH (MODULUS 64, REMAINDER %s)', n, n);
  END LOOP;
END
$$;
