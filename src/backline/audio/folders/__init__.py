"""Music in folders on the server: it stays where it is, and the library follows it."""
