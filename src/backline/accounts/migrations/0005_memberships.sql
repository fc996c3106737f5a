-- Who is a member of what somebody else owns: a project, a playlist. Written twice, so that both
-- questions are answered from one partition: what a person may see, and who hears of a container.

-- Led by the member. A container's id is a UUIDv7 of ours, so it needs no owner to be unique.
CREATE TABLE memberships (
  user_id uuid NOT NULL,
  container_id uuid NOT NULL,
  owner_id uuid NOT NULL,
  kind text NOT NULL CHECK (octet_length(kind) <= 40),
  rank text NOT NULL CHECK (rank IN ('editor', 'commenter', 'viewer')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (user_id, container_id)
) PARTITION BY HASH (user_id);

-- The same rows, led by the owner.
CREATE TABLE members (
  owner_id uuid NOT NULL,
  container_id uuid NOT NULL,
  user_id uuid NOT NULL,
  kind text NOT NULL CHECK (octet_length(kind) <= 40),
  rank text NOT NULL CHECK (rank IN ('editor', 'commenter', 'viewer')),
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, container_id, user_id)
) PARTITION BY HASH (owner_id);

DO $$
BEGIN
  FOR part IN 0..63 LOOP
    EXECUTE format(
      'CREATE TABLE memberships_%1$s PARTITION OF memberships '
      'FOR VALUES WITH (MODULUS 64, REMAINDER %1$s)', part);
    EXECUTE format(
      'CREATE TABLE members_%1$s PARTITION OF members '
      'FOR VALUES WITH (MODULUS 64, REMAINDER %1$s)', part);
  END LOOP;
END
$$;
