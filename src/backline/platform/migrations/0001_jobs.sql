-- Durable jobs, which events are too, and when each schedule last came due.

CREATE TABLE jobs (
  id uuid PRIMARY KEY,
  owner_id uuid,                             -- NULL: the installation's own
  kind text NOT NULL,
  payload json NOT NULL,                     -- verbatim: it is read by programs, never searched
  state text NOT NULL DEFAULT 'queued'
    CHECK (state IN ('queued', 'running', 'done', 'dead', 'cancelled')),
  priority smallint NOT NULL DEFAULT 0,      -- lower goes first
  run_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,       -- counted by the claim, so that crashes count
  max_attempts integer NOT NULL CHECK (max_attempts > 0),
  crashes smallint NOT NULL DEFAULT 0,       -- leases that ended without a word from the worker
  worker uuid,                               -- one life of one process
  lease_until timestamptz,
  progress_done bigint NOT NULL DEFAULT 0,
  progress_total bigint NOT NULL DEFAULT 0,
  progress_message text NOT NULL DEFAULT '',
  unique_key text,
  subject_kind text,
  subject_id uuid,
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  started_at timestamptz,
  finished_at timestamptz
) WITH (
  -- Leases and progress are in no index: with room on the page they are updated in place (HOT).
  fillfactor = 80,
  autovacuum_vacuum_scale_factor = 0.05,
  autovacuum_vacuum_insert_scale_factor = 0.2,
  autovacuum_analyze_scale_factor = 0.1
);

-- Only live rows are in these, however many finished ones are kept.
CREATE INDEX jobs_queued ON jobs (kind, priority, run_at) WHERE state = 'queued';
CREATE INDEX jobs_suspect ON jobs (priority, run_at) WHERE state = 'queued' AND crashes > 1;
CREATE INDEX jobs_running ON jobs (worker) WHERE state = 'running';
CREATE UNIQUE INDEX jobs_unique ON jobs (kind, unique_key)
  WHERE unique_key IS NOT NULL AND state IN ('queued', 'running');

-- For pruning, which also keeps the lists of people short.
CREATE INDEX jobs_finished ON jobs (kind, state, finished_at) WHERE finished_at IS NOT NULL;

CREATE TABLE job_schedules (
  name text PRIMARY KEY,
  slot timestamptz NOT NULL                  -- the last due time that was seen to
);
