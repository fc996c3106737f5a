"""Shows: published once, relayed to every destination at once."""
