-- Services outside: how often they are asked, by whom, and what they answered. All of it is of the
-- whole installation; a row of `outside_services` is locked for each request that is charged.

CREATE TABLE outside_services (
  service text PRIMARY KEY,
  slots timestamptz[] NOT NULL DEFAULT '{}',  -- of the last requests, the newest last
  rests_until timestamptz,                    -- it said that it was too many
  held_until timestamptz,                     -- somebody asks, and nobody may beside them
  held_by uuid
);

CREATE TABLE outside_charges (
  service text NOT NULL,
  day date NOT NULL,                          -- in UTC
  owner_id uuid NOT NULL,
  charged integer NOT NULL,
  asked_at timestamptz NOT NULL,              -- last, whether anything was charged or not
  PRIMARY KEY (service, day, owner_id)
);

CREATE TABLE outside_answers (
  kind text NOT NULL,
  key text NOT NULL,
  body bytea NOT NULL,
  asked_at timestamptz NOT NULL,
  good_until timestamptz NOT NULL,
  PRIMARY KEY (kind, key)
);
CREATE INDEX outside_answers_by_end ON outside_answers (good_until);
