-- Heavy jobs wait in an order of their own, in which their owners take turns.

-- Whose turn a heavy job waits for (all zeros: the installation's); NULL for all that aren't heavy.
ALTER TABLE jobs ADD COLUMN turn_of uuid;

-- Each queued job is in one of the two. Until workers of the release before are stopped, they find
-- theirs without an index: slower, but as right, and the table is kept small.
CREATE INDEX jobs_light ON jobs (kind, priority, run_at)
  WHERE state = 'queued' AND turn_of IS NULL;
CREATE INDEX jobs_turns ON jobs (turn_of, kind, priority, run_at)
  WHERE state = 'queued' AND turn_of IS NOT NULL AND crashes <= 1;
DROP INDEX jobs_queued;
