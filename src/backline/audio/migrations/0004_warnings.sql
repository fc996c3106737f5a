-- What the owner of a track should know of its file. Until now it lay with what lists never read;
-- the column there stays for processes of the version before.

ALTER TABLE tracks ADD COLUMN warnings text[] NOT NULL DEFAULT '{}';
UPDATE tracks t SET warnings = d.warnings
FROM track_details d WHERE d.track_id = t.id AND d.warnings <> '{}';
