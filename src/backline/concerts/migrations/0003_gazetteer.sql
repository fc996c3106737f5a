-- The gazetteer: venues and cities, of the whole installation.
--
-- Positions are found by cells of a grid, whose rows are equally high and whose cells are about
-- as wide as high everywhere (`gazetteer/grid.py`): a circle is a few cells, and those are a few
-- probes of a B-tree. PostGIS and cube aren't in every PostgreSQL, the one that we bring among
-- them; an index of (latitude, longitude) reads a whole belt around the earth; and GiST over
-- `point` measures in degrees, wrongly far from the equator and at the meridian of 180°.

CREATE TABLE venues (
  id uuid PRIMARY KEY,
  source text NOT NULL CHECK (source IN ('osm', 'file', 'setlist.fm', 'person')),
  source_id text NOT NULL,                 -- `way/123`, or what the source calls it
  is_imported boolean NOT NULL,            -- from a file, so the map around it is known
  kind text NOT NULL,
  name text NOT NULL,
  other_names text[] NOT NULL,             -- alternative and former ones
  search text NOT NULL,                    -- the words of all names, folded, spaces around each
  latitude double precision,               -- NULL: known by its name and city alone
  longitude double precision,
  cell integer,
  reach_m real,                            -- the radius of its ground
  outline double precision[] NOT NULL,     -- latitude, longitude, latitude … of its corners
  city_id integer,                         -- GeoNames'; NULL: nobody has looked, 0: in none
  country_code text NOT NULL,
  capacity integer,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (source, source_id),
  CHECK ((latitude IS NULL) = (longitude IS NULL) AND (latitude IS NULL) = (cell IS NULL))
);
CREATE INDEX venues_by_cell ON venues (cell) WHERE cell IS NOT NULL;
CREATE INDEX venues_by_city ON venues (city_id) WHERE cell IS NULL;
CREATE INDEX venues_unsettled ON venues (id) WHERE city_id IS NULL AND cell IS NOT NULL;

-- Each name from each of its words on, for type-ahead.
CREATE TABLE venue_names (
  key text COLLATE "C" NOT NULL,
  venue_id uuid NOT NULL REFERENCES venues ON DELETE CASCADE,
  PRIMARY KEY (key, venue_id)
);
CREATE INDEX venue_names_by_venue ON venue_names (venue_id);

-- GeoNames' cities, replaced as a whole when the package has new ones.
CREATE TABLE cities (
  id integer PRIMARY KEY,
  name text NOT NULL,
  country_code text NOT NULL,
  region text NOT NULL,                    -- GeoNames' code of the first administrative level
  zone text NOT NULL,
  latitude double precision NOT NULL,
  longitude double precision NOT NULL,
  population integer NOT NULL,
  cell integer NOT NULL
);
CREATE INDEX cities_by_cell ON cities (cell);

-- By the first letters, the largest city first: type-ahead reads a page, however many begin so.
CREATE TABLE city_names (
  key text COLLATE "C" NOT NULL,
  city_id integer NOT NULL,
  population integer NOT NULL
);
CREATE INDEX city_names_by_three ON city_names (left(key, 3), population DESC);
-- Two letters are enough for large ones only.
CREATE INDEX city_names_by_two ON city_names (left(key, 2), population DESC)
  WHERE population >= 15000;

CREATE TABLE gazetteer_loaded (
  what text PRIMARY KEY,
  version text NOT NULL,
  loaded_at timestamptz NOT NULL DEFAULT now()
);
