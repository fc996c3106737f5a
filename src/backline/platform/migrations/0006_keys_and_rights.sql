-- What whoever sent a key was allowed to do: its answer is given again only to who still is.

ALTER TABLE idempotency_keys
  ADD COLUMN role text,                      -- NULL: kept before this was noted
  ADD COLUMN scopes text[],                  -- NULL: by a session, which has all
  ADD COLUMN ranks json;                     -- by container, the least rank that was asked for
