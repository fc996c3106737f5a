"""Photos for tests: real files with real EXIF, as cameras, phones and attackers write them."""

import io
import random
import struct
import zlib
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw

EXIF_IFD, GPS_IFD = 0x8769, 0x8825
BERLIN, NEW_YORK = (52.5200, 13.4050), (40.7128, -74.0060)


def picture(
    width: int = 640, height: int = 480, *, seed: int = 1, mode: str = "RGB", nudge: int = 0
) -> Image.Image:
    """Some shapes in some colours; another `seed` is another picture, `nudge` moves them."""
    chance = random.Random(seed)  # noqa: S311  # the same picture every time
    image = Image.new(mode, (width, height), tuple([20] * len(mode)))
    draw = ImageDraw.Draw(image)
    for _ in range(14):
        x, y = chance.randrange(width) + nudge, chance.randrange(height)
        w, h = chance.randrange(width // 8, width // 2), chance.randrange(height // 8, height // 2)
        colour = tuple(chance.randrange(256) for _ in mode)
        draw.ellipse((x - w, y - h, x + w, y + h), fill=colour)
    return image


def exif(
    taken: str | None = "2019:07:04 21:30:00",
    *,
    offset: str | None = None,
    place: tuple[float, float] | None = None,
    gps_utc: tuple[str, tuple[int, int, int]] | None = None,
    orientation: int | None = None,
    camera: tuple[str, str] | None = ("Lumen", "L7"),
    **more: Any,
) -> Image.Exif:
    """EXIF as a camera writes it; `more` are tags of the GPS block by `gps_<number>`."""
    made = Image.Exif()
    if camera is not None:
        made[0x010F], made[0x0110] = camera
    if orientation is not None:
        made[0x0112] = orientation
    details, gps = made.get_ifd(EXIF_IFD), made.get_ifd(GPS_IFD)
    if taken is not None:
        details[0x9003] = taken
    if offset is not None:
        details[0x9011] = offset
    if place is not None:
        gps[1], gps[2] = "N" if place[0] >= 0 else "S", sixtieths(place[0])
        gps[3], gps[4] = "E" if place[1] >= 0 else "W", sixtieths(place[1])
    if gps_utc is not None:
        gps[29], gps[7] = gps_utc
    for name, value in more.items():
        gps[int(name.removeprefix("gps_"))] = value
    return made


def sixtieths(degrees: float) -> tuple[float, float, float]:
    whole, rest = divmod(abs(degrees), 1)
    minutes, rest = divmod(rest * 60, 1)
    return whole, minutes, rest * 60


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    """The bytes of a picture; HEIC by the encoder that only tests have, `previews` this long."""
    out = io.BytesIO()
    if kind == "HEIC":
        import pillow_heif

        found = options.pop("exif", None)
        heif = pillow_heif.from_pillow(image)
        heif.info["thumbnails"] = options.pop("previews", [])
        heif.save(out, quality=80, exif=found.tobytes() if found else None)
    else:
        image.save(out, kind, **options)
    return out.getvalue()


def jpeg(
    *, seed: int = 1, width: int = 640, height: int = 480, nudge: int = 0, **said: Any
) -> bytes:
    """A JPEG with EXIF; see `exif`."""
    return encoded(picture(width, height, seed=seed, nudge=nudge), exif=exif(**said), quality=88)


def write(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def bomb(width: int, height: int) -> bytes:
    """A small PNG that says it is very large, and is."""
    raw = b"\0" * (width // 8 + 1)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(raw) for _ in range(min(height, 2_000))) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
