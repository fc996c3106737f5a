"""The mark of a data folder into which a restore is under way, or was cut off.

It is made first and removed last, so that no crash can make a half restored folder look whole.
"""

from pathlib import Path
from typing import Final

NAME: Final = ".restoring"


class HalfRestored(Exception):
    """The folder isn't whole; the text says what to do."""


def check_whole(data_dir: Path) -> None:
    """See that no restore was cut off here.

    Raises:
        HalfRestored: one was.
    """
    if (data_dir / NAME).exists():
        raise HalfRestored(
            f"A restore into {data_dir} was cut off, so not everything is there. Run "
            "`backline restore` once more: it begins anew. Or name another folder with --data."
        )
