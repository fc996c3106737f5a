-- Tracks in an order that has nothing to do with what they are, to take some by chance: beginning
-- anywhere, without going through all.

CREATE INDEX tracks_by_chance ON tracks (owner_id, uuid_hash_extended(id, 0), id)
  WHERE deleted_at IS NULL;
