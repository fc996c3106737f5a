-- The audio library: tracks, and what is only read for one track at a time.

CREATE TABLE tracks (
  id uuid PRIMARY KEY,
  owner_id uuid NOT NULL,
  title text NOT NULL,
  artist text NOT NULL DEFAULT '',
  album text NOT NULL DEFAULT '',
  album_artist text NOT NULL DEFAULT '',
  genre text NOT NULL DEFAULT '',
  year smallint,
  track_number smallint,
  disc_number smallint,
  duration_ms integer,
  status text NOT NULL DEFAULT 'processing' CHECK (status IN ('processing', 'ready', 'failed')),
  error text,
  job_id uuid,
  filename text NOT NULL,
  content_type text NOT NULL,
  size_bytes bigint NOT NULL,
  sha256 bytea NOT NULL,
  loudness_lufs double precision,
  true_peak_dbtp double precision,
  gain_db double precision,
  generation text,                    -- the folder of the renditions; set when they are whole
  has_cover boolean NOT NULL DEFAULT false,
  edited boolean NOT NULL DEFAULT false,  -- by a person: tags no longer overwrite
  title_key text COLLATE "C" NOT NULL,    -- folded in the program: an order people expect
  artist_key text COLLATE "C" NOT NULL,
  album_key text COLLATE "C" NOT NULL,
  search tsvector NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,             -- can be restored until the purge
  version bigint NOT NULL DEFAULT 1
);
CREATE INDEX tracks_by_creation ON tracks (owner_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX tracks_by_title ON tracks (owner_id, title_key, id) WHERE deleted_at IS NULL;
CREATE INDEX tracks_by_artist ON tracks (owner_id, artist_key, id) WHERE deleted_at IS NULL;
CREATE INDEX tracks_by_album ON tracks (owner_id, album_key, id) WHERE deleted_at IS NULL;
CREATE INDEX tracks_search ON tracks USING gin (search);
CREATE INDEX tracks_deleted ON tracks (deleted_at) WHERE deleted_at IS NOT NULL;

CREATE TABLE track_details (
  track_id uuid PRIMARY KEY REFERENCES tracks (id) ON DELETE CASCADE,
  owner_id uuid NOT NULL,
  codec text NOT NULL,
  sample_rate_hz integer NOT NULL,    -- of the renditions
  channels smallint NOT NULL,
  duration_samples bigint NOT NULL,   -- at sample_rate_hz; both manifests decode to it
  peaks bytea NOT NULL,               -- pairs of signed bytes, lowest and highest
  warnings text[] NOT NULL DEFAULT '{}',
  files jsonb NOT NULL,               -- what the generation consists of: name -> size in bytes
  rendered_at timestamptz NOT NULL DEFAULT now()
);
