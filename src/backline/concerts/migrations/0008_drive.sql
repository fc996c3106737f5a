-- Google Drive as a source: photos of which nothing lies here but what its list says, the
-- connection that lists are asked with, and how far the lists are.

-- Of what lies elsewhere and was never read, nobody knows the SHA-256; Drive tells an MD5.
ALTER TABLE photos ALTER COLUMN sha256 DROP NOT NULL;
ALTER TABLE photos ADD COLUMN md5 bytea;
ALTER TABLE photos DROP CONSTRAINT photos_source_check;
ALTER TABLE photos ADD CONSTRAINT photos_source_check
  CHECK (source IN ('upload', 'folder', 'drive')) NOT VALID;
ALTER TABLE photos ADD CONSTRAINT photos_read_check
  CHECK (sha256 IS NOT NULL OR (source = 'drive' AND original_id IS NULL)) NOT VALID;
-- The same bytes twice in a Drive are one photo.
CREATE UNIQUE INDEX photos_by_md5 ON photos (owner_id, source_id, md5)
  WHERE md5 IS NOT NULL;

ALTER TABLE photo_sources DROP CONSTRAINT photo_sources_kind_check;
ALTER TABLE photo_sources ADD CONSTRAINT photo_sources_kind_check CHECK (kind IN ('folder', 'drive'));
-- Of a Drive `path` is the account's id, and this its address.
ALTER TABLE photo_sources ADD COLUMN name text NOT NULL DEFAULT '';

-- Of a Drive's files `path` is the name, `mtime_ns` when it was changed, and there is no inode.
ALTER TABLE processed_files ALTER COLUMN inode DROP NOT NULL;
ALTER TABLE processed_files ADD COLUMN remote_id text;
ALTER TABLE processed_files ADD COLUMN md5 bytea;
ALTER TABLE processed_files ADD COLUMN evidence bytea;  -- a digest of all that the list said
ALTER TABLE processed_files ADD COLUMN listing uuid;    -- the last whole list that it was in

-- Who is connected. A person has one Drive.
CREATE TABLE drive_connections (
  owner_id uuid PRIMARY KEY,
  source_id uuid NOT NULL,
  address text NOT NULL,
  name text NOT NULL,
  may_read boolean NOT NULL,               -- pictures, besides what lists say
  token bytea NOT NULL,                    -- the refresh token, sealed
  fault text,                              -- why it has to be connected anew, for people
  connected_at timestamptz NOT NULL DEFAULT now()
);

-- Who is at Google at this moment, to agree. A person does it once at a time.
CREATE TABLE drive_consents (
  owner_id uuid PRIMARY KEY,
  session_id uuid NOT NULL,                -- the answer counts in no other
  state_digest bytea NOT NULL,
  verifier bytea NOT NULL,                 -- of PKCE (RFC 7636), sealed
  expires_at timestamptz NOT NULL
);
CREATE INDEX drive_consents_by_end ON drive_consents (expires_at);

-- How far the lists of a Drive are: written with each page, so that a scan goes on behind it.
CREATE TABLE drive_lists (
  owner_id uuid NOT NULL,
  source_id uuid NOT NULL,
  changes_token text,                      -- where changes go on; NULL: a whole list is needed
  listing uuid,                            -- of the whole list under way
  start_token text,                        -- taken before it began
  page_token text,                         -- of its next page; NULL: the first
  PRIMARY KEY (owner_id, source_id)
);
