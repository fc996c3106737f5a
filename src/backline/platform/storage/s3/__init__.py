"""The storage and the staging of an installation whose files lie in S3; it is slow to load."""
