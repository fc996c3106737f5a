-- Whose account an administrator has closed isn't found, and their profile keeps what they chose.

ALTER TABLE profiles ADD COLUMN is_closed boolean NOT NULL DEFAULT false;
