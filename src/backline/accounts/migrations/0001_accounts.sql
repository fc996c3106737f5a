-- People, their sessions, and what the sign-in has to remember.

CREATE TABLE users (
  id uuid PRIMARY KEY,
  email text NOT NULL,
  email_key text NOT NULL UNIQUE,            -- case folded: one account an address
  name text NOT NULL,
  password_hash text NOT NULL,
  role text NOT NULL DEFAULT 'user' CHECK (role IN ('user', 'admin')),
  disabled_at timestamptz,
  deleted_at timestamptz,                    -- signed out for good; a job removes the rest
  quota_bytes bigint CHECK (quota_bytes >= 0),  -- NULL: the installation's
  used_bytes bigint NOT NULL DEFAULT 0 CHECK (used_bytes >= 0),
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  version bigint NOT NULL DEFAULT 1
);
CREATE INDEX users_in_order ON users (created_at DESC, id DESC);
CREATE INDEX users_admins ON users (id) WHERE role = 'admin';

CREATE TABLE sessions (
  id uuid PRIMARY KEY,
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  generation integer NOT NULL DEFAULT 1,     -- of the refresh token; the one before has 10 s of grace
  rotated_at timestamptz NOT NULL DEFAULT now(),
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  changed_at timestamptz,                    -- ended, or its user's role changed
  ended_at timestamptz,
  end_reason text,
  user_agent text NOT NULL DEFAULT '',
  address text NOT NULL DEFAULT ''
);
CREATE INDEX sessions_of_user ON sessions (user_id) WHERE ended_at IS NULL;
CREATE INDEX sessions_changed ON sessions (changed_at) WHERE changed_at IS NOT NULL;
CREATE INDEX sessions_expiring ON sessions (expires_at);

CREATE TABLE login_failures (
  at timestamptz NOT NULL DEFAULT now(),
  email_key text NOT NULL,
  address text NOT NULL
);
CREATE INDEX login_failures_account ON login_failures (email_key, at);
CREATE INDEX login_failures_address ON login_failures (address, at);

-- Single facts about the installation, such as the hash of the one-time link.
CREATE TABLE instance (
  key text PRIMARY KEY,
  value text NOT NULL
);
