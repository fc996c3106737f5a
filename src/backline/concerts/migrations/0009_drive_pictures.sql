-- Pictures of a Drive, once its owner lets them be read: each is fetched once, for a small picture
-- and a fingerprint. `processed_files` tells which wait for that, and which failed.

-- Where the list says that the small picture is, for some hours; NULL: it has to be asked for.
ALTER TABLE processed_files ADD COLUMN thumbnail_link text;

-- What a scan has to fetch.
CREATE INDEX photos_without_picture ON photos (owner_id, source_id, id)
  WHERE deleted_at IS NULL AND source = 'drive' AND thumbnail_generation IS NULL
    AND original_id IS NULL;
