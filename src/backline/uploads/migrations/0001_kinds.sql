-- Uploads become more than tracks: what one is to be, what it is for, and whose quota holds it.
-- `track_id` is the id of whatever it became.

ALTER TABLE uploads
  ADD COLUMN kind text NOT NULL DEFAULT 'track',
  ADD COLUMN subject uuid,
  ADD COLUMN payer_id uuid;           -- left out where it is the owner, who sends the bytes
