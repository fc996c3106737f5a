"""The queries of the gazetteer, by noun."""
