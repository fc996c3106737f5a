CREATE TABLE toys (id uuid PRIMARY KEY, owner_id uuid NOT NULL, name text NOT NULL);
