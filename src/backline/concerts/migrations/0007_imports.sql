-- Tables of concerts that people bring: read, looked at, taken in, and taken back.
CREATE TABLE concert_imports (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  filename text NOT NULL,
  size_bytes bigint NOT NULL,
  sha256 bytea NOT NULL,
  has_file boolean NOT NULL DEFAULT true,  -- until it is read
  state text NOT NULL CHECK (state IN
    ('reading', 'ready', 'failed', 'importing', 'done', 'undoing', 'undone')),
  error text,
  job_id uuid NOT NULL,
  encoding text NOT NULL DEFAULT '',
  delimiter text NOT NULL DEFAULT '',
  columns text[] NOT NULL DEFAULT '{}',
  ignored text[] NOT NULL DEFAULT '{}',    -- headers that nobody knows
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id)
);
CREATE INDEX concert_imports_old ON concert_imports (created_at);

-- The concerts of such a table. `new`: to be made; `known`: `concert_id` is it already; `wrong`:
-- `problem` says why; `made`: `concert_id` was made of it; `removed`: that was taken back.
CREATE TABLE concert_import_items (
  owner_id uuid NOT NULL,
  import_id uuid NOT NULL,
  position integer NOT NULL,
  line integer NOT NULL,
  state text NOT NULL CHECK (state IN ('new', 'known', 'wrong', 'made', 'removed')),
  problem text NOT NULL DEFAULT '',
  facts jsonb NOT NULL,
  concert_id uuid,
  PRIMARY KEY (owner_id, import_id, position)
) PARTITION BY HASH (owner_id);

DO $$
BEGIN
  FOR n IN 0..63 LOOP
    EXECUTE format('CREATE TABLE concert_import_items_%s PARTITION OF concert_import_items
      FOR VALUES WITH (MODULUS 64, REMAINDER %s)', n, n);
  END LOOP;
END
$$;
