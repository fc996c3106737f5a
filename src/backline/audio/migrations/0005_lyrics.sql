-- The words of tracks: from the tags of their files, or from people, which then stay.

CREATE TABLE track_lyrics (
  track_id uuid PRIMARY KEY REFERENCES tracks (id) ON DELETE CASCADE,
  owner_id uuid NOT NULL,
  lines jsonb NOT NULL,               -- in their order: text, and when it is sung where that is known
  by_person boolean NOT NULL
);
