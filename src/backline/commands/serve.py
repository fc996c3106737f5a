"""`backline serve`: one process that answers HTTP, with a zygote for what it converts meanwhile."""

from backline.commands.role import enter, run_until_told
from backline.platform.confined import Zygote, fork_zygote
from backline.platform.domain import Program
from backline.roles.serve import serve


def run() -> int:
    """Serve until told to end; the exit code."""
    zygotes: list[Zygote] = []

    def fork(_: Program) -> None:
        zygotes.append(fork_zygote())

    role = enter(before_go=fork)
    return run_until_told(role, lambda stop: serve(role.settings, role.program, zygotes[0], stop))
