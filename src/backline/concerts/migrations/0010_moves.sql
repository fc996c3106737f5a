-- What a person moved by hand, and where each photo was before, so that it can be undone. Of each
-- person the last few are kept.
CREATE TABLE photo_moves (
  owner_id uuid NOT NULL,
  id uuid NOT NULL,
  concert_id uuid,                         -- where they went; NULL: to no concert
  made_concert boolean NOT NULL,           -- for them it was made
  photo_ids uuid[] NOT NULL,
  from_ids uuid[] NOT NULL,                -- of each, the concert that it was of, or NULL
  by_hand boolean[] NOT NULL,              -- of each, whether a person had said that
  created_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, id)
);
