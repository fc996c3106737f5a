-- Tags of media that are gone, until a CDN was told to forget its copies of them.
CREATE TABLE cdn_tags (
  tag text PRIMARY KEY,
  asked_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX cdn_tags_by_time ON cdn_tags (asked_at, tag);
