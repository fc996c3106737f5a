"""Tasks: what is to do, behind an API that others are measured by."""
