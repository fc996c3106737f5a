"""HTTP manners shared by all domains: problems, headers, limits of size and time."""
