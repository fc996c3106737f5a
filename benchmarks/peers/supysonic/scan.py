"""Supysonic's scanner over a folder, into SQLite: `scan.py FOLDER MUSIC`; it prints the seconds.

The first scan, and another when nothing has changed, one after the other in one process.
"""

import sys
import time
from pathlib import Path

from supysonic import config, db
from supysonic.managers.folder import FolderManager
from supysonic.scanner import Scanner
from supysonic.web import create_application

FOLDER, MUSIC = Path(sys.argv[1]), Path(sys.argv[2])


def scan() -> float:
    """How long one takes."""
    began_s = time.perf_counter()
    scanner = Scanner()
    scanner.queue_folder("Music")
    scanner.run()
    return time.perf_counter() - began_s


if __name__ == "__main__":
    settings = config.IniConfig([])
    settings.BASE["database_uri"] = f"sqlite:///{FOLDER}/supysonic.db"
    settings.WEBAPP["cache_dir"] = str(FOLDER)
    settings.WEBAPP["mount_webui"] = False
    settings.WEBAPP["log_rotate"] = False
    config.current_config = settings
    create_application(settings)
    db.open_connection()
    FolderManager.add("Music", str(MUSIC))
    print(scan(), scan(), db.Track.select().count())
    db.close_connection()
