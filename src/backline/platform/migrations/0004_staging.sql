-- Uploads whose bytes gather in S3, so that any process can go on with them. Where files lie in a
-- folder, both stay empty.

CREATE TABLE staged_uploads (
  id uuid PRIMARY KEY,
  -- The one writer, and until when it is that without saying so again.
  writer uuid NOT NULL,
  lease_until timestamptz NOT NULL,
  -- When bytes came last, and whether another writer waits for this one to end.
  moved_at timestamptz NOT NULL,
  wanted boolean NOT NULL
);
CREATE INDEX staged_uploads_idle ON staged_uploads (moved_at);

CREATE TABLE staged_pieces (
  upload_id uuid NOT NULL REFERENCES staged_uploads ON DELETE CASCADE,
  start_byte bigint NOT NULL,
  end_byte bigint NOT NULL CHECK (end_byte > start_byte),
  name text NOT NULL,
  PRIMARY KEY (upload_id, start_byte)
);
