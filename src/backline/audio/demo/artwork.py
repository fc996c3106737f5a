"""Cover art for the demo music: a piece's own levels, drawn as lights on a dark, warm ground."""
# ruff: noqa: PLR2004  # drawings are made of figures

from typing import Any, Final

import numpy as np
import pyvips
from numpy.typing import NDArray

from backline.audio.demo.voices import Samples

SIDE_PX: Final = 800

_Plane = NDArray[np.floating[Any]]
_GROUND: Final = (0.17, 0.012, 60.0)
_TOP: Final = (0.23, 0.02, 60.0)
_UNLIT: Final = 0.055
_COLUMNS: Final = 20
_ROWS: Final = 24


def draw(mix: Samples, layout: str, hue: float) -> bytes:
    """A JPEG of `SIDE_PX` square.

    `mix` has the shape (2, samples); `layout` is `meter`, `horizon`, `rings` or `dots`; `hue` is
    OKLCH's, in degrees.
    """
    x, y = np.meshgrid(*[(np.arange(SIDE_PX, dtype=np.float32) + 0.5) / SIDE_PX] * 2)
    lit, heat = _LAYOUTS[layout](x, y, mix)
    lamp = _colour(0.62 + 0.2 * heat, 0.12 + 0.04 * heat, _between(hue, 75.0, heat))
    hot = _colour(np.full_like(heat, 0.66), np.full_like(heat, 0.19), np.full_like(heat, 30.0))
    lamp += (hot - lamp) * (heat > 0.93)[..., None]
    image = _ground(y) + lit[..., None] * lamp
    glow = _blurred(lit * heat)
    image += glow[..., None] * lamp * 0.35
    pixels = (np.clip(image, 0, 1) ** (1 / 2.2) * 255 + 0.5).astype(np.uint8)
    picture: Any = pyvips.Image.new_from_memory(pixels.tobytes(), SIDE_PX, SIDE_PX, 3, "uchar")
    return bytes(picture.jpegsave_buffer(Q=86, keep="none"))


def levels(mix: Samples, count: int) -> Samples:
    """How loud each of `count` stretches is, stretched to 0..1."""
    mono = np.abs(mix).mean(axis=0)
    stretches = mono[: len(mono) // count * count].reshape(count, -1)
    loud = np.sqrt((stretches**2).mean(axis=1))
    return np.clip((loud / loud.max()) ** 0.7, 0.06, 1.0)


def _meter(x: _Plane, y: _Plane, mix: Samples) -> tuple[_Plane, _Plane]:
    """Columns of segments that rise from the bottom, as on an amplifier."""
    across, up = _inset(x) * _COLUMNS, (1 - _inset(y)) * _ROWS
    column = np.clip(across.astype(np.int32), 0, _COLUMNS - 1)
    height = levels(mix, _COLUMNS)[column] * _ROWS
    heat = np.clip(np.floor(up) / (_ROWS - 1), 0, 1).astype(np.float32)
    shape = _bar(across % 1, 0.16) * _bar(up % 1, 0.2) * _inside(x, y)
    return shape * np.where(np.floor(up) < height, 1.0, _UNLIT).astype(np.float32), heat


def _horizon(x: _Plane, y: _Plane, mix: Samples) -> tuple[_Plane, _Plane]:
    """Thin bars to both sides of a line, as a shore at night and its mirror."""
    count = 64
    across = _inset(x) * count
    level = levels(mix, count)[np.clip(across.astype(np.int32), 0, count - 1)]
    line = 0.56
    over = (line - y) / 0.42
    under = (y - line) / 0.30
    heat = np.clip(np.where(over > 0, over, under), 0, 1).astype(np.float32)
    above = _edge(level - over) * (over > 0.012)
    below = _edge(level * 0.9 - under) * (under > 0.012) * 0.32 * (1 - under)
    lit = _bar(across % 1, 0.22) * (above + below) * _inside(x, y)
    return lit.astype(np.float32), 0.9 * heat


def _rings(x: _Plane, y: _Plane, mix: Samples) -> tuple[_Plane, _Plane]:
    """Arcs about a centre, each as long as its stretch is loud."""
    count = 13
    far = np.hypot(x - 0.5, y - 0.5) / 0.45
    turn = (np.arctan2(x - 0.5, 0.5 - y) / (2 * np.pi)) % 1
    ring = far * count
    index = np.clip(ring.astype(np.int32), 0, count - 1)
    level = levels(mix, count)[index]
    shape = _bar(ring % 1, 0.3) * ((ring > 2) & (ring < count))
    start = (index * 0.137) % 1
    along = (turn - start) % 1
    lit = shape * np.where(along < level * 0.86, 1.0, _UNLIT)
    return lit.astype(np.float32), np.clip(along, 0, 0.9).astype(np.float32)


def _dots(x: _Plane, y: _Plane, mix: Samples) -> tuple[_Plane, _Plane]:
    """A board of lamps, each as large as its moment is loud."""
    count = 15
    across, down = _inset(x) * count, _inset(y) * count
    cell = np.clip(down.astype(np.int32), 0, count - 1) * count
    cell += np.clip(across.astype(np.int32), 0, count - 1)
    level = levels(mix, count * count)[cell]
    away = np.hypot(across % 1 - 0.5, down % 1 - 0.5)
    size = 0.1 + 0.36 * level
    lit = np.clip((size - away) * 22, 0, 1) * _inside(x, y) * (0.25 + 0.75 * level)
    return lit.astype(np.float32), np.clip(level * 0.98, 0, 1).astype(np.float32)


_LAYOUTS: Final = {"meter": _meter, "horizon": _horizon, "rings": _rings, "dots": _dots}


def _inset(axis: _Plane) -> _Plane:
    return (axis - 0.1) / 0.8


def _inside(x: _Plane, y: _Plane) -> _Plane:
    return ((abs(x - 0.5) < 0.4) & (abs(y - 0.5) < 0.4)).astype(np.float32)


def _bar(part: _Plane, gap: float) -> _Plane:
    """1 inside a bar, 0 in the gap at both of its sides, with soft edges."""
    return np.clip((0.5 - gap / 2 - abs(part - 0.5)) * 24, 0, 1)


def _edge(distance: _Plane) -> _Plane:
    return np.clip(distance * 160, 0, 1)


def _between(start: float, end: float, share: _Plane) -> _Plane:
    turn = (end - start + 180) % 360 - 180
    return start + turn * share


def _ground(y: _Plane) -> _Plane:
    share = (1 - y)[..., None]
    top, low = (
        _colour(*(np.full((1, 1), value, dtype=np.float32) for value in colour))
        for colour in (_TOP, _GROUND)
    )
    return low + (top - low) * share


def _blurred(plane: _Plane) -> _Plane:
    picture: Any = pyvips.Image.new_from_memory(
        plane.astype(np.float32).tobytes(), SIDE_PX, SIDE_PX, 1, "float"
    )
    memory: Any = picture.gaussblur(14, precision="approximate").cast("float").write_to_memory()
    return np.frombuffer(memory, dtype=np.float32).reshape(SIDE_PX, SIDE_PX)


def _colour(lightness: _Plane, chroma: _Plane, hue: _Plane) -> _Plane:
    """Linear sRGB of OKLCH (the matrices are Björn Ottosson's)."""
    turn = np.deg2rad(hue)
    a, b = chroma * np.cos(turn), chroma * np.sin(turn)
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return np.clip(np.stack([red, green, blue], axis=-1), 0, 1).astype(np.float32)
