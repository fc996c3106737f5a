"""`backline serve`: one process that answers HTTP."""

from backline.commands.role import enter, run_until_told


def run() -> int:
    """Serve until told to end; the exit code."""
    role = enter()
    return run_until_told(role, lambda stop: role.main.serve(role.settings, stop))
