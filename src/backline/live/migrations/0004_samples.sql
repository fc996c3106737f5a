-- What was measured of shows, every half minute of the clock, for their graphs: what came in, and
-- each destination. `at` is the end of the half minute. A show has a day of it at the most, 2,880
-- samples; they go with the show.

CREATE TABLE live_samples (
  owner_id uuid NOT NULL,
  show_id uuid NOT NULL,
  at timestamptz NOT NULL,
  bitrate_kbps integer NOT NULL,           -- on average; nothing comes while an encoder is awaited
  fps real NOT NULL,
  keyframe_interval_ms integer,
  drift_ms integer,
  PRIMARY KEY (owner_id, show_id, at),
  FOREIGN KEY (owner_id, show_id) REFERENCES live_shows ON DELETE CASCADE
);

-- Those that were off have none. The name is kept, since a destination may be gone before its show.
CREATE TABLE live_relay_samples (
  owner_id uuid NOT NULL,
  show_id uuid NOT NULL,
  at timestamptz NOT NULL,
  destination_id uuid NOT NULL,
  name text NOT NULL,
  state text NOT NULL CHECK (state IN ('failed', 'stalled', 'connecting', 'idle', 'live')),
  bitrate_kbps integer NOT NULL,
  lag_ms integer NOT NULL,                 -- the longest
  dropped_frames integer NOT NULL,         -- since the sample before
  PRIMARY KEY (owner_id, show_id, at, destination_id),
  FOREIGN KEY (owner_id, show_id) REFERENCES live_shows ON DELETE CASCADE
);
