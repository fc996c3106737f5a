-- Playlists: what somebody has put in order, alone or with others. An entry names a track and keeps
-- what it was called; where the track is gone, the entry stays and says so.

CREATE TABLE playlists (
  owner_id uuid NOT NULL,
  id uuid NOT NULL UNIQUE,              -- alone, for whoever has the link
  name text NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  description text NOT NULL DEFAULT '',
  visibility text NOT NULL CHECK (visibility IN ('private', 'unlisted', 'public')),
  entry_count integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,               -- can be restored until the purge
  version bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX playlists_public ON playlists (updated_at, id)
  WHERE visibility = 'public' AND deleted_at IS NULL;
CREATE INDEX playlists_deleted ON playlists (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE playlist_entries (
  owner_id uuid NOT NULL,
  playlist_id uuid NOT NULL,
  id uuid NOT NULL,
  position text COLLATE "C" NOT NULL,   -- a key between whose neighbours there is always a third
  track_id uuid NOT NULL,
  track_owner_id uuid NOT NULL,         -- who has put it in: everybody their own
  title text NOT NULL,                  -- what it was called then
  artist text NOT NULL,
  added_at timestamptz NOT NULL DEFAULT now(),
  removed_at timestamptz,               -- can be put back until the purge
  PRIMARY KEY (owner_id, playlist_id, id),
  FOREIGN KEY (owner_id, playlist_id) REFERENCES playlists (owner_id, id) ON DELETE CASCADE
);
CREATE INDEX playlist_entries_in_order ON playlist_entries (owner_id, playlist_id, position, id)
  WHERE removed_at IS NULL;
CREATE INDEX playlist_entries_removed ON playlist_entries (removed_at)
  WHERE removed_at IS NOT NULL;
CREATE INDEX playlist_entries_of_person ON playlist_entries (track_owner_id);

CREATE TABLE playlist_invitations (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  playlist_id uuid NOT NULL,
  rank text NOT NULL CHECK (rank IN ('editor', 'viewer')),
  token_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(token_sha256) = 32),
  uses int NOT NULL DEFAULT 0,
  max_uses int NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (owner_id, id),
  FOREIGN KEY (owner_id, playlist_id) REFERENCES playlists (owner_id, id) ON DELETE CASCADE
);
CREATE INDEX playlist_invitations_of_playlist ON playlist_invitations (owner_id, playlist_id);
CREATE INDEX playlist_invitations_expiring ON playlist_invitations (expires_at);

-- Files of playlists name files.
CREATE INDEX tracks_by_filename ON tracks (owner_id, filename) WHERE deleted_at IS NULL;
