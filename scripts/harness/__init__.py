"""What `scripts/test` is made of; it uses nothing but Python's own library."""
