-- Where somebody stopped listening: what their players had lined up, and bookmarks in tracks.

CREATE TABLE play_queues (
  user_id uuid PRIMARY KEY,
  track_ids uuid[] NOT NULL,
  place integer NOT NULL,               -- which of them plays, from 0
  position_ms bigint NOT NULL,          -- how far it is
  saved_by text NOT NULL,               -- the player, as it calls itself
  saved_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE bookmarks (
  user_id uuid NOT NULL,
  track_id uuid NOT NULL REFERENCES tracks (id) ON DELETE CASCADE,
  position_ms bigint NOT NULL,
  comment text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  changed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, track_id)
);
CREATE INDEX bookmarks_of_track ON bookmarks (track_id);
