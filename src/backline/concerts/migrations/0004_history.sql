-- The history of concerts, which is made from photos and by hand. Everything is keyed by its owner
-- first and lies in the owner's partition, but for `histories`: a person has one.

-- Whoever writes somebody's history holds this row. Without it there is nothing to write: it goes
-- first when an account ends, and what works on it then stops.
CREATE TABLE histories (
  owner_id uuid PRIMARY KEY,
  concerts integer NOT NULL DEFAULT 0,     -- that aren't deleted
  waiting integer NOT NULL DEFAULT 0,      -- sessions to be judged
  matched_at timestamptz,                  -- all that could be judged was then
  waits_until timestamptz,                 -- for a service, or for its next day
  waits_for text,                          -- why, in words for people
  is_full boolean NOT NULL DEFAULT false   -- a concert found no room
);

-- Who else waits for a service.
CREATE INDEX histories_waiting ON histories (owner_id) WHERE waiting > 0;

CREATE TABLE concerts (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  held_on date NOT NULL,                   -- by the clock of the place; a night is the evening's
  ends_on date,                            -- of festivals of several days
  zone text,
  title text NOT NULL DEFAULT '',          -- of festivals; empty: it is called by its bill
  is_festival boolean NOT NULL DEFAULT false,
  venue_id uuid,
  city_key text COLLATE "C" NOT NULL DEFAULT '',  -- the venue's, by which lists are filtered
  country_code text NOT NULL DEFAULT '',
  source text NOT NULL CHECK (source IN ('automatic', 'review', 'person')),
  source_key text,                         -- the evening as services know it
  confidence double precision,
  reasons text[] NOT NULL DEFAULT '{}',
  notes text NOT NULL DEFAULT '',
  is_edited boolean NOT NULL DEFAULT false,  -- by a person, so that matching leaves it alone
  search tsvector NOT NULL,                -- words behind a mark of their owner
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  version bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (owner_id, id)
) PARTITION BY HASH (owner_id);

CREATE UNIQUE INDEX concerts_by_source ON concerts (owner_id, source_key)
  WHERE source_key IS NOT NULL;
CREATE INDEX concerts_by_day ON concerts (owner_id, held_on DESC, id DESC)
  WHERE deleted_at IS NULL;
CREATE INDEX concerts_by_creation ON concerts (owner_id, id DESC) WHERE deleted_at IS NULL;
CREATE INDEX concerts_by_venue ON concerts (owner_id, venue_id, held_on DESC)
  WHERE deleted_at IS NULL;
CREATE INDEX concerts_search ON concerts USING gin (search) WITH (fastupdate = off);
-- For the removal of what nobody wanted back.
CREATE INDEX concerts_deleted ON concerts (deleted_at) WHERE deleted_at IS NOT NULL;

-- Who somebody saw, and where: names as they are in this person's history.
CREATE TABLE concert_artists (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  sort_key text COLLATE "C" NOT NULL,
  mbid text NOT NULL DEFAULT '',           -- MusicBrainz'
  url text NOT NULL DEFAULT '',
  n integer NOT NULL DEFAULT 0,            -- concerts that aren't deleted
  PRIMARY KEY (owner_id, id)
) PARTITION BY HASH (owner_id);
CREATE UNIQUE INDEX concert_artists_by_name ON concert_artists (owner_id, name_key, mbid);
CREATE INDEX concert_artists_by_mbid ON concert_artists (owner_id, mbid) WHERE mbid <> '';
CREATE INDEX concert_artists_by_count ON concert_artists (owner_id, n DESC, id DESC) WHERE n > 0;
CREATE INDEX concert_artists_in_order ON concert_artists (owner_id, sort_key, id) WHERE n > 0;

CREATE TABLE concert_venues (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  name text NOT NULL,
  name_key text COLLATE "C" NOT NULL,
  sort_key text COLLATE "C" NOT NULL,
  city text NOT NULL DEFAULT '',
  city_key text COLLATE "C" NOT NULL DEFAULT '',
  country_code text NOT NULL DEFAULT '',
  latitude double precision,
  longitude double precision,
  osm_id text NOT NULL DEFAULT '',
  setlistfm_id text NOT NULL DEFAULT '',
  n integer NOT NULL DEFAULT 0,
  PRIMARY KEY (owner_id, id)
) PARTITION BY HASH (owner_id);
CREATE UNIQUE INDEX concert_venues_by_name
  ON concert_venues (owner_id, name_key, city_key, country_code);
CREATE INDEX concert_venues_by_count ON concert_venues (owner_id, n DESC, id DESC) WHERE n > 0;
CREATE INDEX concert_venues_in_order ON concert_venues (owner_id, sort_key, id) WHERE n > 0;

-- Who played, in the order in which they did.
CREATE TABLE concert_bill (
  owner_id uuid NOT NULL,
  concert_id uuid NOT NULL,
  artist_id uuid NOT NULL,
  position smallint NOT NULL,
  is_headliner boolean NOT NULL,
  songs jsonb NOT NULL DEFAULT '[]',
  tour text NOT NULL DEFAULT '',
  setlist_id text NOT NULL DEFAULT '',     -- setlist.fm's, whose `setlist_url` is always shown
  setlist_url text NOT NULL DEFAULT '',
  PRIMARY KEY (owner_id, concert_id, artist_id)
) PARTITION BY HASH (owner_id);
CREATE INDEX concert_bill_by_artist ON concert_bill (owner_id, artist_id);
CREATE INDEX concert_bill_by_setlist ON concert_bill (owner_id, setlist_id)
  WHERE setlist_id <> '';

-- How many concerts there are of which kind, kept by every change in its own transaction.
-- `measure` is `year`, `country`, `city` (`DE/Berlin`) or `weekday` (1 is Monday).
CREATE TABLE concert_counts (
  owner_id uuid NOT NULL,
  measure text COLLATE "C" NOT NULL,
  key text COLLATE "C" NOT NULL,
  n integer NOT NULL,
  PRIMARY KEY (owner_id, measure, key)
) PARTITION BY HASH (owner_id);

-- Photos that were taken at one go, and what became of them. `waiting`: to be judged, at
-- `look_at` at the earliest; `matched`: at `concert_id`; `review`: for a person to decide;
-- `none`: no concert that anybody knows of; `dismissed`: none, a person says.
CREATE TABLE photo_sessions (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  state text NOT NULL CHECK (state IN ('waiting', 'matched', 'review', 'none', 'dismissed')),
  began_at timestamp NOT NULL,             -- wall time where it was
  ended_at timestamp NOT NULL,
  days date[] NOT NULL,                    -- that it may belong to, the likeliest first
  latitude double precision,
  longitude double precision,
  place_error_m real,
  zone text,
  photo_count integer NOT NULL,
  evidence bytea NOT NULL,                 -- a digest of what was known of its photos
  candidates jsonb NOT NULL DEFAULT '[]',
  concert_id uuid,
  made_concert boolean NOT NULL DEFAULT false,  -- for it the concert was made
  is_decided boolean NOT NULL DEFAULT false,    -- by a person: matching leaves it alone
  looks integer NOT NULL DEFAULT 0,        -- how often it was judged without a match
  look_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (owner_id, id)
) PARTITION BY HASH (owner_id);

CREATE INDEX photo_sessions_for_review ON photo_sessions (owner_id, began_at DESC, id DESC)
  WHERE state = 'review';
CREATE INDEX photo_sessions_by_concert ON photo_sessions (owner_id, concert_id)
  WHERE concert_id IS NOT NULL;
-- What is to be judged, also again.
CREATE INDEX photo_sessions_to_look_at ON photo_sessions (owner_id, look_at)
  WHERE state IN ('waiting', 'none') AND NOT is_decided;

ALTER TABLE photos ADD COLUMN session_id uuid;
ALTER TABLE photos ADD COLUMN edited_concert boolean NOT NULL DEFAULT false;  -- by a person
-- What the nightly repair looks for.
CREATE INDEX photos_without_session ON photos (owner_id)
  WHERE deleted_at IS NULL AND session_id IS NULL AND taken_at IS NOT NULL;
CREATE INDEX photos_by_session ON photos (owner_id, session_id) WHERE session_id IS NOT NULL;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['concerts', 'concert_artists', 'concert_venues', 'concert_bill',
    'concert_counts', 'photo_sessions'] LOOP
    FOR n IN 0..63 LOOP
      EXECUTE format('CREATE TABLE %s_%s PARTITION OF %s
        FOR VALUES WITH (MODULUS 64, REMAINDER %s) WITH (fillfactor = 85)', name, n, name, n);
    END LOOP;
  END LOOP;
END
$$;
