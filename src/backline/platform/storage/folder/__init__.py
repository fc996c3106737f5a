"""Files in a folder of this machine: what is kept in it, and what is on its way in."""
