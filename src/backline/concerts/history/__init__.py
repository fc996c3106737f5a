"""The history: concerts with their bills and venues, counted as they change, and reviews."""
