-- Shows of long ago are forgotten every hour: by an index, however many there are.

CREATE INDEX live_shows_ended ON live_shows (ended_at) WHERE ended_at IS NOT NULL;
