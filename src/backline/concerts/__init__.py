"""Concerts: a history that builds itself from photos."""
