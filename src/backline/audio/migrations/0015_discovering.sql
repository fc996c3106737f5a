-- What tracks are like by their sound, and which are like which: found by jobs, read by requests.

CREATE TABLE track_sounds (
  owner_id uuid NOT NULL,
  track_id uuid NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  rules smallint NOT NULL DEFAULT 0,    -- by which it was described; 0: it waits
  numbers real[] NOT NULL DEFAULT '{}', -- see `audio/engine/character`; empty: nothing to hear
  tempo_bpm real,
  described_at timestamptz,
  PRIMARY KEY (owner_id, track_id)
);
CREATE INDEX track_sounds_waiting ON track_sounds (owner_id, track_id) WHERE rules = 0;
CREATE INDEX track_sounds_of_track ON track_sounds (track_id);

-- One row a track, so that a request reads one. Names that two share aren't kept: they are compared
-- when it is read, as they are then.
CREATE TABLE track_neighbors (
  owner_id uuid NOT NULL,
  track_id uuid NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  other_ids uuid[] NOT NULL,            -- the nearest first; those deleted since aren't shown
  scores real[] NOT NULL,
  sounds real[] NOT NULL,               -- how alike they sound; NULL: not known
  heard smallint[] NOT NULL,            -- in so many sittings both were heard
  beside smallint[] NOT NULL,           -- in so many playlists they stand beside each other
  found_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, track_id)
);
CREATE INDEX track_neighbors_of_track ON track_neighbors (track_id);

-- Of albums that came out on a day: the month and the day.
CREATE INDEX tracks_by_release_day ON tracks (owner_id, substr(tags->>'released_on', 6, 5))
  WHERE deleted_at IS NULL AND tags->>'released_on' IS NOT NULL;

-- When all of somebody's neighbours were last found, and among how many tracks.
CREATE TABLE neighbor_rounds (
  owner_id uuid PRIMARY KEY,
  began_at timestamptz NOT NULL,
  track_count integer NOT NULL
);
