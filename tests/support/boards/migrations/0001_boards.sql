CREATE TABLE boards (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  text text NOT NULL,
  version bigint NOT NULL DEFAULT 1,
  PRIMARY KEY (owner_id, id)
);
