-- Passwords for programs that know no tokens: they show a digest made with the password, so it has
-- to be read again, and is kept sealed.

CREATE TABLE app_passwords (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  sealed bytea NOT NULL,                     -- under a key of the installation
  digest bytea NOT NULL UNIQUE CHECK (octet_length(digest) = 32),  -- for those who name nobody
  name text NOT NULL,
  scopes text[] NOT NULL,
  hint text NOT NULL,                        -- its first characters, to know it again
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz,
  changed_at timestamptz,                    -- revoked, or its user's role or account changed
  revoked_at timestamptz
);
CREATE INDEX app_passwords_of_user ON app_passwords (user_id, id) WHERE revoked_at IS NULL;
CREATE INDEX app_passwords_changed ON app_passwords (changed_at) WHERE changed_at IS NOT NULL;
