-- Links by which anybody hears a track, an album or a playlist without an account. What stands in a
-- link is made of the row's id and the installation's secret, so nothing of it is stored.

CREATE TABLE shares (
  owner_id uuid NOT NULL,
  id uuid NOT NULL UNIQUE,              -- alone, for whoever has the link
  track_id uuid REFERENCES tracks (id) ON DELETE CASCADE,
  album_id uuid,
  playlist_id uuid,
  description text NOT NULL DEFAULT '',
  may_download boolean NOT NULL,
  expires_at timestamptz,               -- NULL: when it is revoked
  revoked_at timestamptz,               -- can be restored until the purge
  visit_count bigint NOT NULL DEFAULT 0,
  last_visited_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (owner_id, id),
  FOREIGN KEY (owner_id, album_id) REFERENCES albums (owner_id, id) ON DELETE CASCADE,
  FOREIGN KEY (owner_id, playlist_id) REFERENCES playlists (owner_id, id) ON DELETE CASCADE,
  CHECK (num_nonnulls(track_id, album_id, playlist_id) = 1)
);
CREATE INDEX shares_of_track ON shares (track_id) WHERE track_id IS NOT NULL;
CREATE INDEX shares_of_album ON shares (owner_id, album_id) WHERE album_id IS NOT NULL;
CREATE INDEX shares_of_playlist ON shares (owner_id, playlist_id) WHERE playlist_id IS NOT NULL;
CREATE INDEX shares_revoked ON shares (revoked_at) WHERE revoked_at IS NOT NULL;
CREATE INDEX shares_expiring ON shares (expires_at) WHERE expires_at IS NOT NULL;
