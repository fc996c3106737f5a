-- What people are told, in the partition of whoever is told; and how they want to be told.

CREATE TABLE notices (
  owner_id uuid NOT NULL,                  -- who is told
  id uuid NOT NULL,
  kind text NOT NULL CHECK (octet_length(kind) <= 60),
  reason text COLLATE "C" NOT NULL CHECK (octet_length(reason) <= 200),
  title text NOT NULL,
  text text NOT NULL,
  path text NOT NULL,                      -- of the page that it is about
  subject_kind text,
  subject_id uuid,
  container_id uuid,                       -- told only while they are a member of it
  actor_id uuid,                           -- who did it, if anybody
  is_shown boolean NOT NULL,               -- on the page
  is_mailed boolean NOT NULL,              -- by a letter of its own
  created_at timestamptz NOT NULL DEFAULT now(),
  read_at timestamptz,
  written_at timestamptz,                  -- stands in a letter since
  deleted_at timestamptz,                  -- its words are gone; the row keeps the reason known
  PRIMARY KEY (owner_id, id)
) PARTITION BY HASH (owner_id);

-- The same reason never makes two.
CREATE UNIQUE INDEX notices_by_reason ON notices (owner_id, reason);
CREATE INDEX notices_shown ON notices (owner_id, id DESC) WHERE is_shown AND deleted_at IS NULL;
CREATE INDEX notices_unread ON notices (owner_id, id DESC)
  WHERE is_shown AND deleted_at IS NULL AND read_at IS NULL;

-- Of those who have chosen anything: whoever hasn't is told as each kind declares.
CREATE TABLE notice_settings (
  owner_id uuid NOT NULL,
  choices jsonb NOT NULL DEFAULT '{}',     -- kind -> {"page": …, "mail": …}, what was chosen
  time_zone text NOT NULL,
  is_digest boolean NOT NULL,
  digest_hour smallint NOT NULL CHECK (digest_hour BETWEEN 0 AND 23),
  digested_on date,                        -- the day, in their zone, of the latest digest
  next_digest_at timestamptz,              -- NULL: they want none
  PRIMARY KEY (owner_id)
) PARTITION BY HASH (owner_id);

-- Whose digest is due is found by it alone.
CREATE INDEX notice_settings_due ON notice_settings (next_digest_at)
  WHERE next_digest_at IS NOT NULL;

DO $$
BEGIN
  FOR n IN 0..63 LOOP
    EXECUTE format('CREATE TABLE notices_%s PARTITION OF notices
      FOR VALUES WITH (MODULUS 64, REMAINDER %s) WITH (fillfactor = 85)', n, n);
    EXECUTE format('CREATE TABLE notice_settings_%s PARTITION OF notice_settings
      FOR VALUES WITH (MODULUS 64, REMAINDER %s)', n, n);
  END LOOP;
END
$$;
