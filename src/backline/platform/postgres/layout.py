"""Where a cluster, its socket, its password and its log lie in a data folder."""

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path
from typing import Final

import msgspec

from backline.platform.host.privileges import ServiceUser, acting_as

ROLE: Final = "backline"
DATABASE: Final = "postgres"
PORT: Final = 5432
# A socket's path has room for 107 bytes; the rest is for the socket's own name.
_PLAIN_FOLDER: Final = re.compile(r"[A-Za-z0-9_./ @+=-]{1,88}")


class Layout(msgspec.Struct, frozen=True):
    """The paths of one data folder."""

    data_dir: Path

    @property
    def cluster(self) -> Path:
        """PostgreSQL's own data folder."""
        return self.data_dir / "postgres"

    @property
    def aside(self) -> Path:
        """Where a cluster is made before it has its name."""
        return self.data_dir / ".postgres-new"

    @property
    def password(self) -> Path:
        """In the cluster, so that the two come and go together."""
        return self.cluster / "backline.password"

    @property
    def pid_file(self) -> Path:
        """PostgreSQL's note of its process, socket and state."""
        return self.cluster / "postmaster.pid"

    @property
    def log(self) -> Path:
        """What PostgreSQL says."""
        return self.data_dir / "logs" / "postgres.log"


def socket_folder(layout: Layout, user: ServiceUser | None) -> Path:
    """The folder of the socket, made if it is missing, open to `user` alone.

    It lies in the data folder, or in a short private one when that path is too long for a socket
    or has characters that would have to be quoted in too many places.
    """
    folder = layout.data_dir / "socket"
    with acting_as(user):
        if _PLAIN_FOLDER.fullmatch(str(folder)):
            folder.mkdir(0o700, exist_ok=True)
            return folder
        digest = hashlib.sha256(os.fsencode(layout.data_dir.resolve())).hexdigest()[:12]
        for attempt in range(100):
            short = Path(tempfile.gettempdir(), f"backline-{digest}-{attempt}")
            try:
                short.mkdir(0o700)
            except FileExistsError:
                if not _is_private(short):
                    continue
            return short
    raise FileExistsError(f"No private folder for a socket can be made in {tempfile.gettempdir()}")


def _is_private(folder: Path) -> bool:
    """Whether it is a folder of the present user's own that nobody else may enter."""
    found = folder.lstat()
    return (
        stat.S_ISDIR(found.st_mode)
        and found.st_uid == os.geteuid()
        and not stat.S_IMODE(found.st_mode) & 0o077
    )
