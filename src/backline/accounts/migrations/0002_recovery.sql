-- Whose e-mail address is known to be theirs, and the links that prove it.

ALTER TABLE users
  ADD COLUMN email_verified_at timestamptz,
  -- They registered while mail was set up, so they can't sign in before the address is verified.
  ADD COLUMN must_verify boolean NOT NULL DEFAULT false;

-- What was typed into the form, until a job has seen to it: whether the address had an account
-- already is found out only there, so that the answer takes the same time.
CREATE TABLE registrations (
  id uuid PRIMARY KEY,
  email_key text NOT NULL,
  name text NOT NULL,
  password_hash text NOT NULL,
  address text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX registrations_old ON registrations (created_at);

CREATE TABLE mail_tokens (
  token_sha256 bytea PRIMARY KEY CHECK (octet_length(token_sha256) = 32),
  user_id uuid NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  purpose text NOT NULL CHECK (purpose IN ('verify', 'reset')),
  -- Of the registration that it confirms: two people may have typed in one address, and the
  -- account becomes the one's who opens their link, with the password that they chose.
  name text,
  password_hash text,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX mail_tokens_of_user ON mail_tokens (user_id);
CREATE INDEX mail_tokens_old ON mail_tokens (expires_at);
