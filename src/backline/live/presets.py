"""The well-known platforms: their servers, where they show their keys, what they want to get."""

from importlib.resources import files
from typing import Final

import msgspec

CUSTOM: Final = "custom"


class Server(msgspec.Struct, frozen=True):
    """One of a platform's servers."""

    name: str
    url: str


class Preset(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A platform as a destination.

    `servers` begins with the one to take; where it is empty, the platform tells everybody their
    own. `find_key` says where, and `key_url` leads there. `most_kbps` is the most that it takes as
    video and audio together, if it says; `keyframe_s` how far apart keyframes may be. `note` is
    what else one should know.
    """

    id: str
    name: str
    servers: tuple[Server, ...]
    find_key: str
    key_url: str | None
    most_kbps: int | None
    keyframe_s: int | None
    note: str


def _read() -> dict[str, Preset]:
    text = files("backline.live").joinpath("presets.json").read_bytes()
    return {one.id: one for one in msgspec.json.decode(text, type=tuple[Preset, ...])}


PRESETS: Final = _read()
