-- Whether a project's previews are made in smaller sizes too, and who makes those of which show.

ALTER TABLE live_projects ADD COLUMN ladder boolean NOT NULL DEFAULT false;

-- The node that has a show wants its ladder, again and again while somebody watches; a worker takes
-- it by a lease with an epoch, the one that has waited longest first.
CREATE TABLE live_ladders (
  owner_id uuid NOT NULL,
  project_id uuid NOT NULL,
  show_id uuid NOT NULL,
  node text NOT NULL,                      -- that wants it
  asked_at timestamptz NOT NULL DEFAULT now(),
  wanted_until timestamptz NOT NULL,
  epoch bigint NOT NULL DEFAULT 0,
  worker text,                             -- null: nobody has taken it yet
  lease_until timestamptz,
  PRIMARY KEY (owner_id, project_id),
  FOREIGN KEY (owner_id, project_id) REFERENCES live_projects ON DELETE CASCADE
) WITH (fillfactor = 50);
