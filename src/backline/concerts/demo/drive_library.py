"""The files of the made-up Drive: the sample photos that were painted into its folder."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from hashlib import md5, sha256
from pathlib import Path
from typing import Final

from PIL import Image

from backline.concerts.demo.catalogue import DRIVE_NIGHTS, Night
from backline.concerts.demo.services.drive import Drive
from backline.concerts.demo.services.drive_library import File, Library
from backline.concerts.services import SAMPLE_ACCOUNT, SAMPLE_PREFIX

_EXIF_IFD: Final = 0x8769
_SMALL_PX: Final = 320


def sample_drive(folder: Path, client: str) -> Drive:
    """The Drive with what lies in a folder at this moment; it blocks."""
    files = [file for night in DRIVE_NIGHTS for file in _files(folder, night)]
    drive = Drive(Library(files), client_id=client, client_secret=client, prefix=SAMPLE_PREFIX)
    drive.person, drive.person_id = "Sample photos", SAMPLE_ACCOUNT
    drive.address = "sample.photos@example.com"
    return drive


def is_whole(folder: Path) -> bool:
    """Whether all photos are in it."""
    return len(list(folder.glob("*/*.jpg"))) >= sum(night.count for night in DRIVE_NIGHTS)


def _files(folder: Path, night: Night) -> Iterator[File]:
    for path in sorted(folder.glob(f"* {night.name}/*.jpg")):
        content = path.read_bytes()
        with Image.open(io.BytesIO(content)) as image:
            width_px, height_px = image.size
            said = str(image.getexif().get_ifd(_EXIF_IFD).get(0x9003, ""))
        yield File(
            id=f"sample-{md5(path.name.encode(), usedforsecurity=False).hexdigest()}",
            name=path.name,
            content=path.read_bytes,
            thumbnail=lambda path=path: _small(path),
            changed_at=night.begins.replace(tzinfo=UTC),
            size_bytes=len(content),
            md5=md5(content, usedforsecurity=False).hexdigest(),
            sha256=sha256(content).hexdigest(),
            taken_at=_wall(said),
            latitude=night.latitude,
            longitude=night.longitude,
            width_px=width_px,
            height_px=height_px,
            make=night.camera[0],
            model=night.camera[1],
        )


def _wall(said: str) -> datetime | None:
    try:
        return datetime.strptime(said, "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  # wall time
    except ValueError:
        return None


def _small(path: Path) -> bytes:
    out = io.BytesIO()
    with Image.open(path) as image:
        image.thumbnail((_SMALL_PX, _SMALL_PX))
        image.save(out, "JPEG", quality=82)
    return out.getvalue()
