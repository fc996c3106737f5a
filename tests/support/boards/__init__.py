"""Boards: a domain for tests whose things are shared, with members, kept answers and events."""
