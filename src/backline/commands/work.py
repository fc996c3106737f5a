"""`backline work`: one process that does jobs, with a zygote for strangers' files."""

from types import ModuleType

from backline.commands.role import enter, run_until_told
from backline.platform.confined import Zygote, fork_zygote


def run() -> int:
    """Do jobs until told to end; the exit code."""
    zygotes: list[Zygote] = []

    def fork(main: ModuleType) -> None:
        zygotes.append(fork_zygote(main.CONFINED_MODULES))

    role = enter(before_go=fork)
    return run_until_told(role, lambda stop: role.main.work(role.settings, zygotes[0], stop))
