-- Music that stays where it is, in folders on the server: which they are, what was found in them,
-- and the scans that look.

CREATE TABLE music_folders (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  path text NOT NULL,
  renders text NOT NULL DEFAULT 'when-played' CHECK (renders IN ('when-played', 'at-once')),
  every_hours integer,                     -- NULL: as the installation is set to; 0: never
  created_at timestamptz NOT NULL DEFAULT now(),
  begun_at timestamptz NOT NULL DEFAULT now(),  -- its last scan
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, path)
);

CREATE TABLE music_scans (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  folder_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'paused', 'done', 'failed', 'cancelled')),
  job_id uuid,                             -- the one that works on it, and no other may
  found bigint NOT NULL DEFAULT 0,         -- files that have a name of music
  total bigint NOT NULL DEFAULT 0,         -- of those, what is new or has changed
  done bigint NOT NULL DEFAULT 0,          -- of those, what was looked at
  added bigint NOT NULL DEFAULT 0,
  changed bigint NOT NULL DEFAULT 0,       -- read anew, moved, or back again
  missing bigint NOT NULL DEFAULT 0,       -- tracks whose files weren't there any more
  failed bigint NOT NULL DEFAULT 0,
  rate_per_s real,
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  PRIMARY KEY (owner_id, id),
  FOREIGN KEY (owner_id, folder_id) REFERENCES music_folders (owner_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX music_scans_one_at_a_time ON music_scans (owner_id, folder_id)
  WHERE state IN ('running', 'paused');
CREATE INDEX music_scans_of_folder ON music_scans (owner_id, folder_id, id);
CREATE INDEX music_scans_running ON music_scans (state) WHERE state = 'running';

-- Every file of a folder, and what became of it: later scans open only what has changed.
CREATE TABLE music_files (
  owner_id uuid NOT NULL,
  folder_id uuid NOT NULL,
  id uuid NOT NULL,                        -- of the path: that is too long for an index
  path bytea NOT NULL,                     -- relative; names of files needn't be text
  size_bytes bigint NOT NULL,
  mtime_ns bigint NOT NULL,
  inode bigint NOT NULL,
  beside bigint NOT NULL,                  -- of the lyrics and the picture that lie beside it
  state text NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
  is_there boolean NOT NULL DEFAULT true,  -- when it was looked for last
  track_id uuid,                           -- NULL: none yet, or its owner has removed it
  content_hash bytea,                      -- of its size and sampled blocks: finds what was moved
  sound_hash bytea,                        -- the same of its sound alone: finds duplicates
  codec text,
  error text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, folder_id, id)
) PARTITION BY HASH (owner_id);

-- In the order of folders, so that what lies together is looked at together.
CREATE INDEX music_files_waiting ON music_files
  (owner_id, folder_id, (substring(path FROM 1 FOR 512)), id) WHERE state = 'waiting';
CREATE INDEX music_files_failed ON music_files (owner_id, folder_id, id) WHERE state = 'failed';
CREATE INDEX music_files_gone ON music_files (owner_id, content_hash) WHERE NOT is_there;
CREATE INDEX music_files_gone_sound ON music_files (owner_id, sound_hash) WHERE NOT is_there;
CREATE INDEX music_files_by_track ON music_files (owner_id, track_id) WHERE track_id IS NOT NULL;
CREATE INDEX music_files_by_sound ON music_files (owner_id, sound_hash) WHERE track_id IS NOT NULL;

DO $$
BEGIN
  FOR n IN 0..63 LOOP
    EXECUTE format('CREATE TABLE music_files_%s PARTITION OF music_files
      FOR VALUES WITH (MODULUS 64, REMAINDER %s) WITH (fillfactor = 85)', n, n);
  END LOOP;
END
$$;

-- Covers of what lies in folders, one for all tracks that show the same picture.
CREATE TABLE music_covers (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  digest bytea NOT NULL,                   -- of the picture as it was found
  files jsonb NOT NULL,                    -- name -> size in bytes
  charged_bytes bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, digest)
);

ALTER TABLE tracks
  ADD COLUMN folder_id uuid,               -- where the original stays; NULL: it was uploaded
  ADD COLUMN cover_id uuid,                -- of `music_covers`
  ADD COLUMN missing_at timestamptz,       -- hidden, since its file isn't there any more
  ADD COLUMN has_renditions boolean NOT NULL DEFAULT true;  -- once there is a generation
CREATE INDEX tracks_missing ON tracks (missing_at) WHERE missing_at IS NOT NULL;
CREATE INDEX tracks_missing_of ON tracks (owner_id, id) WHERE missing_at IS NOT NULL;
CREATE INDEX tracks_of_folder ON tracks (owner_id, folder_id, id) WHERE folder_id IS NOT NULL;
CREATE INDEX tracks_by_cover ON tracks (owner_id, cover_id) WHERE cover_id IS NOT NULL;
