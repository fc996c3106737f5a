-- What tracks have in common with others: the same sound, or the same song by the same artist. And
-- what undoes that one of several is kept.

ALTER TABLE tracks ADD COLUMN sound_hash bytea;  -- of what sounds in its file, whatever its tags say
UPDATE tracks t SET sound_hash = f.sound_hash
FROM music_files f WHERE f.owner_id = t.owner_id AND f.track_id = t.id AND t.folder_id IS NOT NULL;

-- Uploads of before are known by all of their file.
ALTER TABLE tracks
  ADD COLUMN sound_key bytea GENERATED ALWAYS AS (coalesce(sound_hash, sha256)) STORED,
  ADD COLUMN song_key uuid GENERATED ALWAYS AS
    (CASE WHEN artist_ids[1] IS NOT NULL THEN md5(title_key || artist_ids[1]::text)::uuid END) STORED;
CREATE INDEX tracks_by_sound ON tracks (owner_id, sound_key, id)
  WHERE deleted_at IS NULL AND status = 'ready';
CREATE INDEX tracks_by_song ON tracks (owner_id, song_key, duration_ms, id) INCLUDE (sound_key)
  WHERE deleted_at IS NULL AND status = 'ready' AND song_key IS NOT NULL;

CREATE TABLE track_merges (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  kept_id uuid NOT NULL,
  other_ids uuid[] NOT NULL,
  moved jsonb NOT NULL,                 -- what was whose before
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX track_merges_by_time ON track_merges (created_at);

CREATE INDEX playlist_entries_of_track ON playlist_entries (track_owner_id, track_id);
DROP INDEX playlist_entries_of_person;
