-- Who follows whom, who wants to be found, and what people did that everybody may see: the feed.

CREATE TABLE profiles (
  owner_id uuid PRIMARY KEY,            -- who has no row has never chosen, and isn't found
  is_public boolean NOT NULL,
  public_since timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX profiles_public ON profiles (public_since, owner_id) WHERE is_public;

-- A follow gives no rights: it only says whose public things somebody wants to hear of.
CREATE TABLE follows (
  follower_id uuid NOT NULL,
  followed_id uuid NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (follower_id, followed_id),
  CHECK (follower_id <> followed_id)
);
CREATE INDEX follows_by_time ON follows (follower_id, since, followed_id);
CREATE INDEX follows_of_person ON follows (followed_id, since, follower_id);

CREATE TABLE blocked_people (
  owner_id uuid NOT NULL,
  blocked_id uuid NOT NULL,
  since timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (owner_id, blocked_id),
  CHECK (owner_id <> blocked_id)
);
CREATE INDEX blocked_people_of_person ON blocked_people (blocked_id);

-- One row for a playlist that somebody made public, and one for each day on which they put tracks
-- into a public one. What of it may still be seen is found out when it is read.
CREATE TABLE feed_items (
  person_id uuid NOT NULL,              -- who did it
  id uuid NOT NULL,
  owner_id uuid NOT NULL,
  playlist_id uuid NOT NULL,
  day date,                             -- in UTC, of tracks; NULL: the playlist was made public
  happened_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (person_id, id),
  FOREIGN KEY (owner_id, playlist_id) REFERENCES playlists (owner_id, id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX feed_items_once ON feed_items (owner_id, playlist_id, person_id, day)
  NULLS NOT DISTINCT;
CREATE INDEX feed_items_latest ON feed_items (person_id, happened_at, id);
CREATE INDEX feed_items_old ON feed_items (happened_at);

-- What somebody put into a playlist on a day.
CREATE INDEX playlist_entries_by_person ON playlist_entries
  (owner_id, playlist_id, track_owner_id, added_at) WHERE removed_at IS NULL;

INSERT INTO feed_items (person_id, id, owner_id, playlist_id, happened_at)
SELECT owner_id, gen_random_uuid(), owner_id, id, created_at FROM playlists
WHERE visibility = 'public' AND deleted_at IS NULL;
