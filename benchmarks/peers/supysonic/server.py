"""Supysonic with a library in SQLite, its usual database: `server.py FOLDER PORT TRACKS`.

The rows are written as its scanner would; then it serves by waitress, as its documentation says.
"""

import sys
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from supysonic import config, db
from supysonic.managers.user import UserManager
from supysonic.web import create_application
from waitress import serve

FOLDER, PORT, TRACKS = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
ALBUM_TRACKS, ARTIST_ALBUMS = 10, 5
BEGIN = datetime(2026, 1, 1)  # noqa: DTZ001  # as Supysonic keeps them
URI = f"sqlite:///{FOLDER}/supysonic.db"


def fill() -> None:
    """As many tracks as are asked for, ten of an album, five albums of an artist."""
    UserManager.add("ada", "a good password", admin=True)
    root = db.Folder.create(root=True, name="Music", path="/music")
    with db.db.atomic():
        for n in range(TRACKS):
            album_n = n // ALBUM_TRACKS
            if n % (ALBUM_TRACKS * ARTIST_ALBUMS) == 0:
                artist = db.Artist.create(id=uuid.uuid4(), name=f"Artist {n // 50}")
            if n % ALBUM_TRACKS == 0:
                album = db.Album.create(id=uuid.uuid4(), name=f"Album {album_n}", artist=artist)
                path = f"/music/{album_n}"
                folder = db.Folder.create(root=False, name=f"{album_n}", path=path, parent=root)
            path = f"/music/{album_n}/{n % ALBUM_TRACKS}.mp3"
            db.Track.create(
                id=uuid.uuid4(),
                disc=1,
                number=n % ALBUM_TRACKS + 1,
                title=f"A song of middling length, no. {n}",
                year=1960 + n % 60,
                genre=f"Genre {n % 20}",
                duration=215,
                album=album,
                artist=artist,
                bitrate=320,
                path=path,
                created=BEGIN + timedelta(seconds=n),
                last_modification=0,
                root_folder=root,
                folder=folder,
            )


if __name__ == "__main__":
    settings = config.IniConfig([])
    settings.BASE["database_uri"] = URI
    settings.WEBAPP["cache_dir"] = str(FOLDER)
    settings.WEBAPP["mount_webui"] = False
    settings.WEBAPP["log_rotate"] = False
    config.current_config = settings
    application = create_application(settings)
    db.open_connection()
    fill()
    db.close_connection()
    serve(application, host="127.0.0.1", port=PORT, threads=4)
