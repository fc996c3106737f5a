"""HTTP for what belongs to no domain."""
