-- Where a concert of these days came in, milestones are looked for once the history is quiet.
ALTER TABLE histories ADD COLUMN celebrate_at timestamptz;
CREATE INDEX histories_celebrating ON histories (celebrate_at) WHERE celebrate_at IS NOT NULL;
