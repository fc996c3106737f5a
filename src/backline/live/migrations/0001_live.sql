-- Live shows: projects with a stream key each, where they are relayed to, who holds which stream now,
-- and what was shown. A person has a few dozen rows of each, so nothing is partitioned.

CREATE TABLE live_projects (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  stream_key bytea NOT NULL,               -- sealed
  key_digest bytea NOT NULL,               -- its keyed hash: by it a publisher finds the project
  key_version bigint NOT NULL DEFAULT 1,   -- grows whenever the key is renewed
  hold_s integer NOT NULL,                 -- how long destinations wait for an encoder that is gone
  closed_until timestamptz,                -- stopped by its owner: the key opens nothing until then
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,                  -- can be restored until the purge
  version bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (owner_id, id)
);
-- Not unique: whoever spreads this table over machines can't have that without the owner in it, and
-- keys are too long to be drawn twice.
CREATE INDEX live_projects_by_key ON live_projects (key_digest);
CREATE INDEX live_projects_deleted ON live_projects (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE live_destinations (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  name text NOT NULL,
  preset text NOT NULL,                    -- the platform's name among the presets, or 'custom'
  url text NOT NULL,
  stream_key bytea NOT NULL,               -- sealed, and never shown again
  enabled boolean NOT NULL,
  retries bigint NOT NULL DEFAULT 0,       -- grows whenever somebody asks for another try
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (owner_id, id),
  FOREIGN KEY (owner_id, project_id) REFERENCES live_projects ON DELETE CASCADE
);
CREATE INDEX live_destinations_by_project ON live_destinations (owner_id, project_id, id);
CREATE INDEX live_destinations_deleted ON live_destinations (deleted_at)
  WHERE deleted_at IS NOT NULL;

-- Which node holds a project's stream, and what it says of it. The holder writes once a second; an
-- epoch that grew under its hands tells it that another has taken the stream.
CREATE TABLE live_streams (
  owner_id uuid NOT NULL,
  project_id uuid NOT NULL,
  epoch bigint NOT NULL,
  node text NOT NULL,
  show_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('live', 'ended')),
  taken_at timestamptz NOT NULL,           -- by this epoch
  takeovers integer NOT NULL DEFAULT 0,    -- in a row, each soon after the one before
  lease_until timestamptz NOT NULL,
  report text NOT NULL DEFAULT '{}',       -- JSON: what comes in, and each destination
  PRIMARY KEY (owner_id, project_id),
  FOREIGN KEY (owner_id, project_id) REFERENCES live_projects ON DELETE CASCADE
) WITH (fillfactor = 50);
CREATE INDEX live_streams_live ON live_streams (owner_id, project_id) WHERE state = 'live';

CREATE TABLE live_shows (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  project_id uuid NOT NULL,
  started_at timestamptz NOT NULL DEFAULT now(),
  ended_at timestamptz,
  ended_by text,                           -- why, in a word
  returns integer NOT NULL DEFAULT 0,      -- how often the encoder came back within the show
  PRIMARY KEY (owner_id, id),
  FOREIGN KEY (owner_id, project_id) REFERENCES live_projects ON DELETE CASCADE
);
CREATE INDEX live_shows_by_project ON live_shows (owner_id, project_id, started_at DESC, id DESC);

-- The processes that take streams in, each with its last word.
CREATE TABLE live_nodes (
  node text PRIMARY KEY,
  state text NOT NULL CHECK (state IN ('ready', 'draining', 'faulty')),
  fault text,                              -- why nobody can connect there
  seen_at timestamptz NOT NULL DEFAULT now()
);
