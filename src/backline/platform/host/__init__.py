"""The machine that a process runs on: rights, processes, room on the disk."""
