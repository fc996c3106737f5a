"""Debian's nginx and its modules, where they are installed."""

import os
import shutil
from pathlib import Path

MODULES = Path("/usr/lib/nginx/modules")


def program(*modules: Path) -> str | None:
    """nginx, if it and its modules are here; servers lie where only root's path leads."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    return found if found and all(one.exists() for one in modules) else None
