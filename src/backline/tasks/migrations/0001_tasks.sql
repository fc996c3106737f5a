-- Tasks and what belongs to them. Everything is keyed by its owner first and lies in the owner's
-- partition: whoever owns the project that a task is in, or the person whose task it is.

CREATE TABLE tasks (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid,                         -- NULL: in no project
  title text NOT NULL,
  description text NOT NULL DEFAULT '',    -- Markdown, as it was written
  status text NOT NULL CHECK (status IN ('todo', 'doing', 'done')),
  priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 3),  -- low, medium, high, urgent
  labels text[] NOT NULL DEFAULT '{}',
  position text COLLATE "C" NOT NULL,      -- between any two there is room for a third
  start_at timestamptz,
  due_at timestamptz,
  assignee_id uuid,
  created_by uuid NOT NULL,
  completed_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,                  -- in the trash since
  version bigint NOT NULL DEFAULT 1,
  title_key text COLLATE "C" NOT NULL,     -- folded in the program: an order people expect
  search tsvector NOT NULL,                -- words behind a mark of their owner, see sql/lexemes
  PRIMARY KEY (owner_id, id),
  CHECK ((status = 'done') = (completed_at IS NOT NULL))
) PARTITION BY HASH (owner_id);

CREATE INDEX tasks_by_creation ON tasks (owner_id, created_at DESC, id DESC)
  WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_status ON tasks (owner_id, status, created_at DESC, id DESC)
  WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_priority ON tasks (owner_id, priority DESC, id DESC)
  WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_due ON tasks (owner_id, (coalesce(due_at, 'infinity')), id)
  WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_position ON tasks (owner_id, position, id) WHERE deleted_at IS NULL;
CREATE INDEX tasks_by_title ON tasks (owner_id, title_key, id) WHERE deleted_at IS NULL;
-- What is overdue is counted from it alone.
CREATE INDEX tasks_open_by_due ON tasks (owner_id, due_at)
  WHERE deleted_at IS NULL AND completed_at IS NULL AND due_at IS NOT NULL;
CREATE INDEX tasks_in_trash ON tasks (owner_id, deleted_at DESC, id DESC)
  WHERE deleted_at IS NOT NULL;
-- For the nightly archive.
CREATE INDEX tasks_by_completion ON tasks (completed_at)
  WHERE deleted_at IS NULL AND completed_at IS NOT NULL;
-- Without a pending list a search costs the same whenever it comes.
CREATE INDEX tasks_search ON tasks USING gin (search) WITH (fastupdate = off);

-- Where done tasks go in the end: found by search and by their status, out of everybody's way.
CREATE TABLE archived_tasks (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid,
  title text NOT NULL,
  description text NOT NULL,
  status text NOT NULL CHECK (status = 'archived'),
  priority smallint NOT NULL CHECK (priority BETWEEN 0 AND 3),
  labels text[] NOT NULL,
  position text COLLATE "C" NOT NULL,
  start_at timestamptz,
  due_at timestamptz,
  assignee_id uuid,
  created_by uuid NOT NULL,
  completed_at timestamptz,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz,
  version bigint NOT NULL,
  title_key text COLLATE "C" NOT NULL,
  search tsvector NOT NULL,
  PRIMARY KEY (owner_id, id)
) PARTITION BY HASH (owner_id);

CREATE INDEX archived_tasks_by_creation ON archived_tasks (owner_id, created_at DESC, id DESC)
  WHERE deleted_at IS NULL;
CREATE INDEX archived_tasks_in_trash ON archived_tasks (owner_id, deleted_at DESC, id DESC)
  WHERE deleted_at IS NOT NULL;
CREATE INDEX archived_tasks_search ON archived_tasks USING gin (search) WITH (fastupdate = off);

-- How many tasks there are of which kind, kept by every change in its own transaction: so
-- statistics are right at once and cost one read of one index. `project_id` is all zeros for tasks
-- in no project. `measure` is `status`, `open` (by priority), `created` or `completed` (by week).
CREATE TABLE task_counts (
  owner_id uuid NOT NULL,
  project_id uuid NOT NULL,
  measure text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  n bigint NOT NULL,
  PRIMARY KEY (owner_id, project_id, measure, key)
) PARTITION BY HASH (owner_id);

-- Lists that somebody keeps under a name: filters and sort. A person has a hundred at the most,
-- so neither this nor the next table is partitioned.
CREATE TABLE task_views (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  filters jsonb NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (owner_id, id)
);

-- Files that somebody asked for; their bytes lie in the storage until `expires_at`.
CREATE TABLE task_exports (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  format text NOT NULL CHECK (format IN ('csv', 'json')),
  filters jsonb NOT NULL,
  status text NOT NULL CHECK (status IN ('running', 'ready', 'failed')),
  error text,
  job_id uuid NOT NULL,
  generation text,                         -- the folder of the file; set when it is whole
  count bigint,
  size_bytes bigint,
  created_at timestamptz NOT NULL DEFAULT now(),
  ready_at timestamptz,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX task_exports_expiring ON task_exports (expires_at);

DO $$
BEGIN
  FOR n IN 0..63 LOOP
    EXECUTE format('CREATE TABLE tasks_%s PARTITION OF tasks
      FOR VALUES WITH (MODULUS 64, REMAINDER %s) WITH (fillfactor = 85)', n, n);
    EXECUTE format('CREATE TABLE archived_tasks_%s PARTITION OF archived_tasks
      FOR VALUES WITH (MODULUS 64, REMAINDER %s)', n, n);
    EXECUTE format('CREATE TABLE task_counts_%s PARTITION OF task_counts
      FOR VALUES WITH (MODULUS 64, REMAINDER %s) WITH (fillfactor = 70)', n, n);
  END LOOP;
END
$$;
