-- What caches have to forget, and the answers given to writes that may come twice.

-- Appended in the transaction that changes something. A process reads what has become visible
-- since the oldest transaction that was open at its last look, so none escapes it, whatever the
-- order of the commits; a schedule removes what is older than ten minutes.
CREATE TABLE cache_invalidations (
  id bigint GENERATED ALWAYS AS IDENTITY,
  tag text NOT NULL CHECK (octet_length(tag) <= 200),
  xid bigint NOT NULL DEFAULT (pg_current_xact_id()::text::bigint),
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX cache_invalidations_visible ON cache_invalidations (xid);
CREATE INDEX cache_invalidations_old ON cache_invalidations (at);

CREATE TABLE idempotency_keys (
  user_id uuid NOT NULL,
  key text NOT NULL CHECK (octet_length(key) <= 255),
  fingerprint bytea NOT NULL,                -- SHA-256 of method, address and body
  status smallint,
  headers json,
  body bytea,
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, key)
);
CREATE INDEX idempotency_keys_old ON idempotency_keys (created_at);
