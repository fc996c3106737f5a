"""`backline work`: one process that does jobs, with a zygote for strangers' files."""

from backline.commands.role import enter, run_until_told
from backline.platform.confined import Zygote, fork_zygote
from backline.platform.domain import Program
from backline.roles.work import confined_modules, work


def run() -> int:
    """Do jobs until told to end; the exit code."""
    zygotes: list[Zygote] = []

    def fork(program: Program) -> None:
        zygotes.append(fork_zygote(confined_modules(program)))

    role = enter(before_go=fork)
    return run_until_told(role, lambda stop: work(role.settings, role.program, zygotes[0], stop))
