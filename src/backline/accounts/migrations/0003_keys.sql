-- Keys besides passwords: tokens for programs, and the second factor.

CREATE TABLE api_tokens (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  token_sha256 bytea NOT NULL UNIQUE CHECK (octet_length(token_sha256) = 32),
  name text NOT NULL,
  scopes text[] NOT NULL,
  hint text NOT NULL,                        -- its first characters, to know it again
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  expires_at timestamptz,                    -- NULL: until it is deleted
  changed_at timestamptz,                    -- deleted, or its user's role or account changed
  revoked_at timestamptz
);
CREATE INDEX api_tokens_of_user ON api_tokens (user_id, id) WHERE revoked_at IS NULL;
CREATE INDEX api_tokens_changed ON api_tokens (changed_at) WHERE changed_at IS NOT NULL;
CREATE INDEX api_tokens_expiring ON api_tokens (expires_at) WHERE expires_at IS NOT NULL;

CREATE TABLE totp (
  user_id uuid PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  sealed bytea NOT NULL,                     -- the secret, under a key of the installation
  last_step bigint NOT NULL DEFAULT 0,       -- of the code used last: none counts twice
  created_at timestamptz NOT NULL DEFAULT now(),
  confirmed_at timestamptz                   -- NULL: not asked for yet
);
CREATE INDEX totp_unconfirmed ON totp (created_at) WHERE confirmed_at IS NULL;

CREATE TABLE recovery_codes (
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  digest bytea NOT NULL CHECK (octet_length(digest) = 32),
  PRIMARY KEY (user_id, digest)
);
