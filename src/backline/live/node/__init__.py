"""The process that takes shows in: what is wanted are rows, and it makes them so."""
