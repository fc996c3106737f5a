-- Photos and what belongs to them. Everything is keyed by its owner first; what may be large lies
-- in the owner's partition.

CREATE TABLE photos (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  concert_id uuid,                         -- NULL: of no concert, or nobody knows of which
  source text NOT NULL CHECK (source IN ('upload', 'folder')),
  source_id uuid,                          -- the folder it was found in
  filename text NOT NULL,
  sha256 bytea NOT NULL,
  size_bytes bigint NOT NULL,
  status text NOT NULL CHECK (status IN ('processing', 'ready', 'failed')),
  error text,
  job_id uuid,
  content_type text,                       -- what it was found to be; NULL: nobody has looked yet
  width_px integer,
  height_px integer,
  camera text NOT NULL DEFAULT '',
  taken_at timestamp,                      -- wall time, as the camera's clock showed it
  time_source text,
  offset_min smallint,                     -- from UTC to that; NULL: unknown
  offset_source text,
  is_doubtful boolean NOT NULL DEFAULT false,  -- what is said of its time disagrees
  gps_at timestamptz,                      -- what satellites told; less than a person's word
  latitude double precision,
  longitude double precision,
  place_error_m real,
  notes text[] NOT NULL DEFAULT '{}',      -- kinds of warnings
  edited_time boolean NOT NULL DEFAULT false,  -- by a person, so metadata don't overwrite it
  edited_place boolean NOT NULL DEFAULT false,
  alt_text text NOT NULL DEFAULT '',
  starred boolean NOT NULL DEFAULT false,
  fingerprint bytea,
  contrast smallint,
  group_id uuid,                           -- of photos that look alike; the first one's id
  is_best boolean NOT NULL DEFAULT false,  -- of its group
  placeholder bytea,
  original_id uuid,                        -- the original lies in the storage, under this id
  thumbnail_generation text,
  webp_generation text,
  avif_generation text,
  files jsonb NOT NULL DEFAULT '{}',       -- generation/name -> size in bytes
  charged_bytes bigint NOT NULL DEFAULT 0, -- of the owner's room
  metadata_at timestamptz,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (owner_id, id)
) PARTITION BY HASH (owner_id);

CREATE UNIQUE INDEX photos_by_content ON photos (owner_id, sha256);
CREATE INDEX photos_by_concert ON photos (owner_id, concert_id, starred, taken_at DESC)
  WHERE deleted_at IS NULL;
CREATE INDEX photos_by_time ON photos (owner_id, (coalesce(taken_at, '-infinity')) DESC, id DESC)
  WHERE deleted_at IS NULL;
CREATE INDEX photos_starred ON photos (owner_id, (coalesce(taken_at, '-infinity')) DESC, id DESC)
  WHERE deleted_at IS NULL AND starred;
CREATE INDEX photos_by_place ON photos (owner_id, latitude, longitude)
  WHERE deleted_at IS NULL AND latitude IS NOT NULL;
CREATE INDEX photos_by_group ON photos (owner_id, group_id)
  WHERE deleted_at IS NULL AND group_id IS NOT NULL;
CREATE INDEX photos_by_original ON photos (owner_id, original_id) WHERE original_id IS NOT NULL;
-- For the nightly removal of what nobody wanted back.
CREATE INDEX photos_deleted ON photos (deleted_at) WHERE deleted_at IS NOT NULL;
-- What the nightly repair looks for.
CREATE INDEX photos_unfinished ON photos (owner_id, id)
  WHERE deleted_at IS NULL AND status <> 'failed' AND original_id IS NOT NULL
    AND (metadata_at IS NULL OR webp_generation IS NULL);
CREATE INDEX photos_without_avif ON photos (owner_id, id)
  WHERE deleted_at IS NULL AND starred AND status <> 'failed' AND avif_generation IS NULL;

-- Where photos come from besides uploads. A person has a few.
CREATE TABLE photo_sources (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  kind text NOT NULL CHECK (kind IN ('folder')),
  path text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, kind, path)
);

CREATE TABLE scans (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  source_id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('running', 'paused', 'done', 'failed', 'cancelled')),
  job_id uuid,                             -- the one that works on it, and no other may
  zone text,
  found bigint NOT NULL DEFAULT 0,         -- files that have a photo's name
  total bigint NOT NULL DEFAULT 0,         -- of those, what is new or has changed
  done bigint NOT NULL DEFAULT 0,          -- of those, what was looked at
  added bigint NOT NULL DEFAULT 0,
  known bigint NOT NULL DEFAULT 0,         -- the same bytes as a photo that is there
  failed bigint NOT NULL DEFAULT 0,
  rate_per_s real,
  active_s double precision NOT NULL DEFAULT 0,
  error text,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  finished_at timestamptz,
  PRIMARY KEY (owner_id, id)
);
CREATE UNIQUE INDEX scans_one_at_a_time ON scans (owner_id, source_id)
  WHERE state IN ('running', 'paused');
CREATE INDEX scans_running ON scans (state) WHERE state = 'running';

-- Every file of a source, and what became of it: a scan that goes on, and a later one, know it.
CREATE TABLE processed_files (
  owner_id uuid NOT NULL,
  source_id uuid NOT NULL,
  id uuid NOT NULL,                        -- of the path: that is too long for an index
  path bytea NOT NULL,                     -- relative; names of files needn't be text
  size_bytes bigint NOT NULL,
  mtime_ns bigint NOT NULL,
  inode bigint NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'done', 'failed')),
  photo_id uuid,
  error text,
  updated_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, source_id, id)
) PARTITION BY HASH (owner_id);

CREATE INDEX processed_files_waiting ON processed_files (owner_id, source_id, id)
  WHERE state = 'waiting';
CREATE INDEX processed_files_failed ON processed_files (owner_id, source_id, id)
  WHERE state = 'failed';
CREATE INDEX processed_files_by_photo ON processed_files (owner_id, photo_id)
  WHERE photo_id IS NOT NULL;

DO $$
BEGIN
  FOR n IN 0..63 LOOP
    EXECUTE format('CREATE TABLE photos_%s PARTITION OF photos
      FOR VALUES WITH (MODULUS 64, REMAINDER %s) WITH (fillfactor = 85)', n, n);
    EXECUTE format('CREATE TABLE processed_files_%s PARTITION OF processed_files
      FOR VALUES WITH (MODULUS 64, REMAINDER %s) WITH (fillfactor = 85)', n, n);
  END LOOP;
END
$$;
