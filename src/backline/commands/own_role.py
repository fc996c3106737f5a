"""A domain's own process, such as `backline live`: entered as the others are, run by its domain."""

from backline.commands.role import enter, run_until_told


def run(name: str) -> int:
    """Run the process of this name until told to end; the exit code."""
    role = enter()
    begin = role.program.roles[name]
    return run_until_told(role, lambda stop: begin(role.settings, role.program, stop))
