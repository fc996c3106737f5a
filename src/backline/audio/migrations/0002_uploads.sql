-- Resumable uploads. Their length is charged to the owner's quota when they are made; a track that
-- comes out of one takes the charge over, every other end gives it back.

CREATE TABLE uploads (
  id uuid PRIMARY KEY,
  owner_id uuid NOT NULL,
  filename text NOT NULL,
  content_type text NOT NULL,
  length_bytes bigint NOT NULL CHECK (length_bytes > 0),
  -- Bytes before it are on the disk. It becomes the length by the COMMIT that makes the track.
  offset_bytes bigint NOT NULL DEFAULT 0 CHECK (offset_bytes BETWEEN 0 AND length_bytes),
  expires_at timestamptz NOT NULL,
  track_id uuid,                      -- set when it is whole
  created_at timestamptz NOT NULL DEFAULT now(),
  CHECK ((track_id IS NOT NULL) = (offset_bytes = length_bytes))
);
CREATE INDEX uploads_of_owner ON uploads (owner_id);
CREATE INDEX uploads_expiring ON uploads (expires_at);
