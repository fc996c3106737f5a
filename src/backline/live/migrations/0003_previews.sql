-- Where a node gives the previews of its shows to whoever serves them; null: nowhere.

ALTER TABLE live_nodes ADD COLUMN previews_at text;
