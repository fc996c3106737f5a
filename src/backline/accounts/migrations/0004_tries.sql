-- What else is tried while somebody is let in, and addresses in their normal form.

-- Of the last hour: whoever was under way at the same time counts them, nobody else does.
CREATE TABLE login_successes (
  at timestamptz NOT NULL,
  email_key text NOT NULL,
  address text NOT NULL
);
CREATE INDEX login_successes_account ON login_successes (email_key, address, at);
CREATE INDEX login_successes_old ON login_successes (at);

-- Keys were made by folding alone, so that some mailboxes had several and some shared one. What
-- the right one is, no SQL can tell; it differs only beyond ASCII, or with a dot at the end.
INSERT INTO jobs (id, kind, payload, max_attempts)
SELECT gen_random_uuid(), 'accounts.rekey', '{}', 5
WHERE EXISTS (
  SELECT FROM users
  WHERE deleted_at IS NULL AND (octet_length(email) <> char_length(email) OR email LIKE '%.')
);
