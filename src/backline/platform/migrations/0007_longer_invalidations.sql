-- Invalidations are kept for as long as any value that they may end, up to six hours.

-- A value from Redis asks for what ended its tags since, in few steps however many rows there are.
CREATE INDEX cache_invalidations_of ON cache_invalidations (tag, xid);

-- Rows come in the order of their times, nearly: a summary finds the old ones, and costs writes nothing.
DROP INDEX cache_invalidations_old;
CREATE INDEX cache_invalidations_old ON cache_invalidations USING brin (at);
