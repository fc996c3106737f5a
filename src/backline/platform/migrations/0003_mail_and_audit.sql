-- Who did what, and the messages to people, sent or kept.

-- Appended in the transaction that does what it tells of; pruned after 400 days. Ids are in the
-- order of time. Nothing refers to it and it refers to nothing: it outlives what it is about.
CREATE TABLE audit (
  id uuid PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  actor_id uuid,                             -- NULL: nobody who was signed in
  action text NOT NULL CHECK (octet_length(action) <= 60),
  subject_kind text,
  subject_id uuid,
  address text,                              -- where the request came from
  details jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX audit_of_actor ON audit (actor_id, id);
CREATE INDEX audit_of_subject ON audit (subject_id, id) WHERE subject_id IS NOT NULL;
CREATE INDEX audit_of_action ON audit (action, id);
CREATE INDEX audit_old ON audit (at);

CREATE TABLE outbox (
  id uuid PRIMARY KEY,
  kind text NOT NULL,                        -- what it is about, as `reset`
  recipient text NOT NULL,
  subject text NOT NULL,
  text text NOT NULL,                        -- emptied once it was sent: it may hold secrets
  state text NOT NULL CHECK (state IN ('kept', 'queued', 'sent', 'failed')),
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz
);
CREATE INDEX outbox_recent ON outbox (recipient, kind, created_at);
CREATE INDEX outbox_old ON outbox (created_at);
