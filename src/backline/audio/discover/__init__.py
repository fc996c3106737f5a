"""What is recommended, and why: similar tracks, radio, and what to discover; found by jobs."""
