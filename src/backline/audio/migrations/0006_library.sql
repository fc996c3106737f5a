-- Artists, albums and genres: made of what tracks are called, in the transaction that names them,
-- and counted anew each time. Those that have nothing left but deleted tracks stay, unseen, until
-- the last of these is purged: a restored track finds its album.

CREATE TABLE artists (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  name_key text COLLATE "C" NOT NULL,   -- folded: one artist, however the name is written
  mbid uuid,                            -- MusicBrainz's; two of one name can be told by it
  sort_key text COLLATE "C" NOT NULL,
  search tsvector NOT NULL,
  track_count integer NOT NULL DEFAULT 0,
  album_count integer NOT NULL DEFAULT 0,
  cover_track_id uuid,                  -- whose cover stands for them
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id),
  UNIQUE NULLS NOT DISTINCT (owner_id, name_key, mbid)
);
CREATE INDEX artists_by_mbid ON artists (owner_id, mbid) WHERE mbid IS NOT NULL;
CREATE INDEX artists_by_name ON artists (owner_id, sort_key, id) WHERE track_count + album_count > 0;
CREATE INDEX artists_by_albums ON artists (owner_id, sort_key, id) WHERE album_count > 0;
CREATE INDEX artists_empty ON artists (owner_id) WHERE track_count + album_count = 0;
CREATE INDEX artists_search ON artists USING gin (search);

CREATE TABLE albums (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  title text NOT NULL,
  title_key text COLLATE "C" NOT NULL,
  artist text NOT NULL,                 -- as the album says it
  artist_ids uuid[] NOT NULL,           -- whose album it is, the first of them first
  artist_names text[] NOT NULL,         -- as the album credits them
  main_artist_id uuid,                  -- the first of them: with the title, what tells albums apart
  mbid uuid,                            -- MusicBrainz's of the release
  is_compilation boolean NOT NULL,
  sort_key text COLLATE "C" NOT NULL,
  artist_key text COLLATE "C" NOT NULL,
  search tsvector NOT NULL,
  year smallint,
  genre_ids uuid[] NOT NULL DEFAULT '{}',
  track_count integer NOT NULL DEFAULT 0,
  disc_count integer NOT NULL DEFAULT 0,
  duration_ms bigint NOT NULL DEFAULT 0,
  loudness_lufs double precision,       -- of all its tracks as one
  cover_track_id uuid,                  -- whose cover is shown
  added_at timestamptz NOT NULL DEFAULT now(),  -- its newest track
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id),
  UNIQUE NULLS NOT DISTINCT (owner_id, title_key, main_artist_id, mbid)
);
CREATE INDEX albums_by_mbid ON albums (owner_id, mbid) WHERE mbid IS NOT NULL;
CREATE INDEX albums_by_title ON albums (owner_id, sort_key, id) WHERE track_count > 0;
CREATE INDEX albums_by_artist ON albums (owner_id, artist_key, sort_key, id) WHERE track_count > 0;
CREATE INDEX albums_by_year ON albums (owner_id, (coalesce(year::integer, 10000)), sort_key, id)
  WHERE track_count > 0;
CREATE INDEX albums_by_year_down ON albums (owner_id, (-coalesce(year::integer, 0)), sort_key, id)
  WHERE track_count > 0;
CREATE INDEX albums_by_addition ON albums (owner_id, added_at, id) WHERE track_count > 0;
CREATE INDEX albums_empty ON albums (owner_id) WHERE track_count = 0;
CREATE INDEX albums_of_artist ON albums USING gin (artist_ids);
CREATE INDEX albums_of_genre ON albums USING gin (genre_ids);
CREATE INDEX albums_search ON albums USING gin (search);

CREATE TABLE genres (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  track_count integer NOT NULL DEFAULT 0,
  album_count integer NOT NULL DEFAULT 0,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id),
  UNIQUE (owner_id, name_key)
);
CREATE INDEX genres_by_size ON genres (owner_id, (-track_count), name_key)
  WHERE track_count > 0;

ALTER TABLE tracks
  ADD COLUMN tags jsonb,                -- what the file says, whatever people have made of it
  ADD COLUMN mbid uuid,                 -- MusicBrainz's of the recording
  ADD COLUMN album_id uuid,
  ADD COLUMN artist_ids uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN artist_names text[] NOT NULL DEFAULT '{}',  -- as this track credits them, in that order
  ADD COLUMN genre_ids uuid[] NOT NULL DEFAULT '{}',
  ADD COLUMN filed smallint NOT NULL DEFAULT 0;  -- by which rules it was filed under those

CREATE INDEX tracks_of_album ON tracks (album_id) WHERE album_id IS NOT NULL;
CREATE INDEX tracks_of_artist ON tracks USING gin (artist_ids);
CREATE INDEX tracks_of_genre ON tracks USING gin (genre_ids);
-- Those that were there before, or that a process of the version before has added.
CREATE INDEX tracks_unfiled ON tracks (owner_id, id) WHERE filed = 0;
