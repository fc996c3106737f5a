"""The queries of live shows, by noun."""
