"""Tables of concerts brought in: taken, read, looked at, made into concerts, taken back."""
