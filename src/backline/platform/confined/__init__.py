"""Confined processes: the only place where strangers' bytes are decoded.

A worker forks its zygote first of all, then opens a `Confinement` in its event loop:
`confinement.call` runs a function, `confinement.run` a program, both within `Limits`.
"""

from backline.platform.confined.child import report
from backline.platform.confined.confinement import Confinement
from backline.platform.confined.limits import (
    Completed,
    ConfinementFault,
    ConfinementLost,
    Crashed,
    Limits,
    OutOfMemory,
    OutOfTime,
    TooMuchOutput,
)
from backline.platform.confined.printing import Printing
from backline.platform.confined.zygote import Zygote, fork_zygote

__all__ = [
    "Completed",
    "Confinement",
    "ConfinementFault",
    "ConfinementLost",
    "Crashed",
    "Limits",
    "OutOfMemory",
    "OutOfTime",
    "Printing",
    "TooMuchOutput",
    "Zygote",
    "fork_zygote",
    "report",
]
