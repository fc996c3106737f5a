"""The queries of tasks, each a typed function."""
