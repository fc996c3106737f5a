-- Counts of artists, albums and genres are asked for with each batch that a scan adds. A list of
-- what isn't in an index yet is gone through by each of them, so these indexes keep none.
ALTER INDEX tracks_of_artist SET (fastupdate = off);
ALTER INDEX tracks_of_genre SET (fastupdate = off);
ALTER INDEX albums_of_artist SET (fastupdate = off);
ALTER INDEX albums_of_genre SET (fastupdate = off);
