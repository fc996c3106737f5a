"""What every benchmark stands on: the ground, the servers, the load, the arithmetic, the report."""
