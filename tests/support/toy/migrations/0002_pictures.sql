CREATE TABLE toy_pictures (
  id uuid PRIMARY KEY,
  owner_id uuid NOT NULL,
  toy_id uuid NOT NULL,
  size_bytes bigint NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
