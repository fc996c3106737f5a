"""The versions of a row that a change of it may be based on, as whoever changes it has seen it."""

import msgspec

from backline.platform.errors import PreconditionFailed


class IfMatch(msgspec.Struct, frozen=True):
    """The versions that a write may be based on; None: any."""

    versions: frozenset[int] | None = None

    def check(self, version: int) -> None:
        """Compare with the present version, read in the transaction under a lock on the row.

        Raises:
            PreconditionFailed: it is none of those.
        """
        if self.versions is not None and version not in self.versions:
            raise PreconditionFailed(
                f"It has been changed in between and is at version {version} now. "
                "Fetch it again, then repeat your change."
            )


ANY_VERSION = IfMatch()
