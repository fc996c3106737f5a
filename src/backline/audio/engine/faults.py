"""The one fault of this engine: a file that can't be turned into music, with the reason."""

from backline.platform.confined import ConfinementFault
from backline.platform.errors import Unsupported


class Unplayable(Unsupported):
    """The file can't be played, and trying again won't help; `reason` tells its owner why."""

    kind, title = "unplayable", "This file can't be played"

    @property
    def reason(self) -> str:
        """The sentence or two for the track's owner."""
        return self.detail


def unreadable(fault: ConfinementFault) -> Unplayable:
    """What a confined process's failure means for the file that it read."""
    return Unplayable(f"This file could not be read. {fault.reason} It is probably damaged.")
