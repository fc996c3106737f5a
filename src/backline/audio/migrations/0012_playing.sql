-- What plays at this moment: one track on each player of somebody's.

CREATE TABLE playing (
  user_id uuid NOT NULL,
  player text NOT NULL,                 -- as it calls itself
  track_id uuid NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  key text NOT NULL,                    -- this play is counted by
  state text NOT NULL,
  position_ms bigint NOT NULL,          -- when it was told
  rate double precision NOT NULL,
  heard_ms bigint NOT NULL,             -- so much of the track was really played until then
  began_at timestamptz NOT NULL,
  told_at timestamptz NOT NULL,
  PRIMARY KEY (user_id, player)
);
CREATE INDEX playing_of_track ON playing (track_id);
