"""The pictures embedded in a file's tags, by family of tags; nothing is decoded here."""

import base64
import binascii
from typing import Any, Final

import msgspec
from mutagen.apev2 import APEv2
from mutagen.asf import ASF
from mutagen.flac import FLAC, Picture
from mutagen.id3 import ID3
from mutagen.mp4 import MP4
from mutagen.wavpack import WavPack

_FRONT_COVER: Final = 3
_MOST_PICTURES: Final = 50


class Embedded(msgspec.Struct, frozen=True):
    """One picture's bytes as they stand in the file."""

    data: bytes
    is_front: bool


def pictures_of(opened: Any) -> list[Embedded]:
    """The pictures of a file (or a tag) that mutagen opened, at most 50."""
    if is_of(opened, FLAC):
        return [_of_flac(picture) for picture in opened.pictures[:_MOST_PICTURES]]
    if is_of(opened, MP4):
        return [Embedded(bytes(data), True) for data in _first(opened.tags, "covr")]
    if is_of(opened, ASF):
        return _of_asf(_first(opened.tags, "WM/Picture"))
    if is_of(opened, APEv2, WavPack):
        return _of_ape(opened if is_of(opened, APEv2) else opened.tags)
    tags = opened if is_of(opened, ID3) else opened.tags
    if is_of(tags, ID3):
        return [
            Embedded(frame.data, int(frame.type) == _FRONT_COVER)
            for frame in tags.getall("APIC")[:_MOST_PICTURES]
        ]
    return _of_vorbis(_first(tags, "metadata_block_picture"))


def is_of(opened: Any, *kinds: type) -> bool:
    """Whether it is of a kind, without narrowing it to a type that has no types inside."""
    return isinstance(opened, kinds)


def _first(tags: Any, name: str) -> list[Any]:
    return list(tags.get(name, []))[:_MOST_PICTURES] if tags is not None else []


def _of_flac(picture: Any) -> Embedded:
    return Embedded(picture.data, picture.type == _FRONT_COVER)


def _of_vorbis(blocks: list[str]) -> list[Embedded]:
    found: list[Embedded] = []
    for block in blocks:
        try:
            found.append(_of_flac(Picture(base64.b64decode(block))))
        except (binascii.Error, ValueError):
            continue
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
        found.append(Embedded(block[start:], block[:1] == bytes([_FRONT_COVER])))
    return found


def _of_ape(tags: Any) -> list[Embedded]:
    found: list[Embedded] = []
    for name in ("Cover Art (Front)", "Cover Art (Back)"):
        value = tags.get(name) if tags is not None else None
        if value is not None:
            _, _, data = bytes(value.value).partition(b"\0")
            found.append(Embedded(data, "Front" in name))
    return found
