"""What a domain says of the files that it keeps, so that backup and doctor can compare.

Where files lie is `storage`'s business; which rows point to which file is each domain's.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import msgspec

from backline.platform.database import Read


class KeptFile(msgspec.Struct, frozen=True):
    """A file that a row points to. `sha256` is the digest in hexadecimal, where it is known."""

    key: str
    size_bytes: int
    sha256: str | None = None


class Kept(msgspec.Struct, frozen=True):
    """The files of one domain: their keys begin with `kind`.

    `referenced` gives every file that a row points to. `unknown` picks from keys that lie in the
    storage those that no row points to.
    """

    kind: str
    referenced: Callable[[Read], AsyncIterator[KeptFile]]
    unknown: Callable[[Read, Sequence[str]], Awaitable[list[str]]]
