"""The queries of concerts and photos, each a typed function."""
