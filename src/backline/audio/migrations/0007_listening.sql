-- What people think of their music, and what they have played. By the track's id: whatever becomes
-- of its file or its names, this stays.

-- Apart from the tracks, whose rows have many indexes: a play changes one narrow row.
CREATE TABLE track_listening (
  user_id uuid NOT NULL,
  track_id uuid NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  favorite_at timestamptz,              -- since when it is a favourite
  rating smallint CHECK (rating BETWEEN 1 AND 5),
  play_count integer NOT NULL DEFAULT 0,
  last_played_at timestamptz,
  PRIMARY KEY (user_id, track_id)
);
CREATE INDEX track_listening_by_favor ON track_listening (user_id, favorite_at, track_id)
  WHERE favorite_at IS NOT NULL;
CREATE INDEX track_listening_by_rating ON track_listening (user_id, rating, track_id)
  WHERE rating IS NOT NULL;
CREATE INDEX track_listening_by_count ON track_listening (user_id, play_count, track_id)
  WHERE play_count > 0;
CREATE INDEX track_listening_by_play ON track_listening (user_id, last_played_at, track_id)
  WHERE last_played_at IS NOT NULL;
CREATE INDEX track_listening_of_track ON track_listening (track_id);

CREATE TABLE plays (
  user_id uuid NOT NULL,
  key text COLLATE "C" NOT NULL,        -- of the player's making: the same play is told once
  track_id uuid NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  played_at timestamptz NOT NULL,       -- when it began
  PRIMARY KEY (user_id, key)
);
CREATE INDEX plays_by_time ON plays (user_id, played_at, key);
CREATE INDEX plays_of_track ON plays (track_id);

ALTER TABLE albums ADD COLUMN favorite_at timestamptz;
ALTER TABLE artists ADD COLUMN favorite_at timestamptz;
CREATE INDEX albums_by_favor ON albums (owner_id, sort_key, id) WHERE favorite_at IS NOT NULL;
CREATE INDEX artists_by_favor ON artists (owner_id, sort_key, id) WHERE favorite_at IS NOT NULL;
