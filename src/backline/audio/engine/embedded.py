"""The pictures embedded in a file's tags, by family of tags; nothing is decoded here."""

import base64
import binascii
import contextlib
from typing import Any, Final

from mutagen import MutagenError
from mutagen.apev2 import APEv2
from mutagen.asf import ASF
from mutagen.flac import FLAC, Picture
from mutagen.id3 import ID3
from mutagen.mp4 import MP4

from backline.audio.engine.pictures import FRONT_COVER, OTHER, Embedded

_BACK_COVER: Final = 4
_MOST_PICTURES: Final = 50


def pictures_of(opened: Any) -> list[Embedded]:
    """The pictures of a file (or a tag) that mutagen opened, at most 50."""
    if is_of(opened, FLAC):
        native = [_of_flac(picture) for picture in opened.pictures[:_MOST_PICTURES]]
        return native + _of_vorbis(opened.tags)
    if is_of(opened, MP4):
        return [Embedded(bytes(data)) for data in _first(opened.tags, "covr")]
    if is_of(opened, ASF):
        return _of_asf(_first(opened.tags, "WM/Picture"))
    tags = opened if is_of(opened, ID3, APEv2) else opened.tags
    if is_of(tags, APEv2):
        return _of_ape(tags)
    if is_of(tags, ID3):
        return [
            Embedded(frame.data, int(frame.type)) for frame in tags.getall("APIC")[:_MOST_PICTURES]
        ]
    return _of_vorbis(tags)


def is_of(opened: Any, *kinds: type) -> bool:
    """Whether it is of a kind, without narrowing it to a type that has no types inside."""
    return isinstance(opened, kinds)


def _first(tags: Any, name: str) -> list[Any]:
    return list(tags.get(name, []))[:_MOST_PICTURES] if tags is not None else []


def _of_flac(picture: Any) -> Embedded:
    return Embedded(picture.data, picture.type)


def _of_vorbis(tags: Any) -> list[Embedded]:
    """Picture blocks (what Xiph says), or bare pictures (what was usual before)."""
    found: list[Embedded] = []
    for block in _first(tags, "metadata_block_picture"):
        with contextlib.suppress(binascii.Error, ValueError, MutagenError):
            found.append(_of_flac(Picture(base64.b64decode(block))))
    for bare in _first(tags, "coverart"):
        with contextlib.suppress(binascii.Error, ValueError):
            found.append(Embedded(base64.b64decode(bare)))
    return found


def _of_asf(attributes: list[Any]) -> list[Embedded]:
    found: list[Embedded] = []
    for attribute in attributes:
        if not isinstance(attribute.value, bytes):
            continue
        block = attribute.value
        # WM/Picture: kind (1 byte), size (4 bytes), two UTF-16 strings ended by NUL, the picture.
        start = 5
        for _ in range(2):
            while start < len(block) and block[start : start + 2] != b"\0\0":
                start += 2
            start += 2
        found.append(Embedded(block[start:], block[0] if block else OTHER))
    return found


def _of_ape(tags: Any) -> list[Embedded]:
    found: list[Embedded] = []
    for name, kind in (("Cover Art (Front)", FRONT_COVER), ("Cover Art (Back)", _BACK_COVER)):
        value = tags.get(name)
        if value is not None:
            _, _, data = bytes(value.value).partition(b"\0")
            found.append(Embedded(data, kind))
    return found
