"""A stage at night, painted: beams of light, haze, a crowd in front of it."""
# ruff: noqa: PLR2004  # pictures are made of figures

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Plane = NDArray[np.floating[Any]]
LONG_PX, SHORT_PX = 1600, 1200
_COARSE: Final = 4  # light is computed for one pixel of so many, both ways
_LEVELS: Final = 4096
_DISPLAYED: Final = (np.linspace(0, 1, _LEVELS) ** (1 / 2.2) * 255 + 0.5).astype(np.uint8)
_GROUND: Final = np.array([0.010, 0.008, 0.012], dtype=np.float32)


def paint(hue: float, seed: int, *, portrait: bool, nudge: float = 0.0) -> NDArray[np.uint8]:
    """Pixels of shape (height, width, 3). `nudge` moves it a little, as hands do in a burst."""
    chance = np.random.default_rng(seed)
    width, height = (SHORT_PX, LONG_PX) if portrait else (LONG_PX, SHORT_PX)
    y, x = np.mgrid[0:height:_COARSE, 0:width:_COARSE].astype(np.float32)
    x, y = x / width + nudge, y / height
    image = np.broadcast_to(_GROUND, (*x.shape, 3)).copy()
    horizon = 0.60 + 0.06 * float(chance.random())
    for _ in range(int(chance.integers(5, 9))):
        image += _beam(x, y, chance, hue)
    glow = np.exp(-(((x - 0.5) / 0.42) ** 2) - ((y - horizon) / 0.16) ** 2)
    image += glow[..., None] * _colour(hue, 0.35)
    shade, rim = _players(x, y, chance, horizon)
    image = image * shade[..., None] + rim[..., None] * _colour(hue + 25, 0.4)
    image *= _crowd(x, y, chance, horizon)[..., None]
    noise = chance.standard_normal((height, width), dtype=np.float32) * 0.012
    light = np.stack([_enlarged(image[..., one], width, height) + noise for one in range(3)], -1)
    return _DISPLAYED[(np.clip(light, 0, 1) * (_LEVELS - 1)).astype(np.uint16)]


def _beam(x: Plane, y: Plane, chance: np.random.Generator, hue: float) -> Plane:
    """A cone of light from a lamp above, thinner where it begins."""
    lamp = float(chance.uniform(0.05, 0.95))
    lean = float(chance.normal(0, 0.45))
    spread = float(chance.uniform(0.02, 0.07))
    off = np.abs(x - lamp - lean * y)
    shape = np.clip(1 - off / (spread * (0.25 + y)), 0, 1) ** 1.5 * np.clip(1.1 - y, 0, 1)
    lamp_glow = np.exp(-((x - lamp) ** 2 + (y - 0.02) ** 2) / 0.0006) * 1.6
    turned = hue + float(chance.normal(0, 22))
    return (shape * 0.5 + lamp_glow)[..., None] * _colour(turned, float(chance.uniform(0.4, 0.9)))


def _players(
    x: Plane, y: Plane, chance: np.random.Generator, horizon: float
) -> tuple[Plane, Plane]:
    """Some who stand in the light: where they take it away, and its rim around them."""
    shade, rim = np.ones_like(x), np.zeros_like(x)
    for place in np.linspace(0.28, 0.72, int(chance.integers(2, 5))):
        at = float(place + chance.normal(0, 0.02))
        up = horizon + 0.10 - y
        shoulders = np.clip((0.27 - up) / 0.06, 0, 1) ** 0.5
        width = 0.020 + 0.012 * shoulders * (up > 0.13)
        body = np.maximum(np.abs(x - at) / width, np.abs(up - 0.13) / 0.135)
        head = np.hypot((x - at) / 0.0125, (up - 0.292) / 0.024)
        neck_tilt = float(chance.uniform(-0.5, 0.5))
        across = (x - at) * np.cos(neck_tilt) - (up - 0.15) * np.sin(neck_tilt)
        along = (x - at) * np.sin(neck_tilt) + (up - 0.15) * np.cos(neck_tilt)
        guitar = np.maximum(np.abs(across) / 0.06, np.abs(along) / 0.010)
        nearest = np.minimum(np.minimum(body, head), guitar)
        shade = np.where(nearest < 1, 0.07, shade)
        rim = np.maximum(rim, np.exp(-(((nearest - 1.04) / 0.05) ** 2)) * (up > 0.02))
    return shade, rim


def _crowd(x: Plane, y: Plane, chance: np.random.Generator, horizon: float) -> Plane:
    """Heads and raised hands that take the light away; 1 where there are none."""
    shade = np.ones_like(x)
    for row, base in enumerate((horizon + 0.10, horizon + 0.19, horizon + 0.30)):
        size = 0.020 + 0.014 * row
        for at in np.arange(-0.02, 1.03, size * 2.1):
            place = float(at + chance.normal(0, size * 0.35))
            top = base + float(chance.normal(0, 0.014))
            head = ((x - place) / size) ** 2 + ((y - top) / (size * 1.25)) ** 2 < 1
            body = (np.abs(x - place) < size * 1.5) & (y > top + size)
            shade = np.where(head | body, 0.10 - 0.03 * row, shade)
            if chance.random() < 0.14:
                arm = (np.abs(x - place - size) < size * 0.22) & (y > top - 0.10) & (y < top + 0.05)
                shade = np.where(arm, 0.08, shade)
    return shade


def _enlarged(plane: Plane, width: int, height: int) -> Plane:
    """As large as the picture, and no edge is a staircase."""
    small = Image.fromarray(plane.astype(np.float32))
    return np.asarray(small.resize((width, height), Image.Resampling.BILINEAR))


def _colour(hue: float, strength: float) -> Plane:
    """A saturated light, linear, of an OKLCH hue."""
    turn = np.deg2rad(hue)
    a, b = 0.16 * np.cos(turn), 0.16 * np.sin(turn)
    long = (0.72 + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (0.72 - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (0.72 - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short
    green = -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short
    blue = -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short
    return np.clip(np.array([red, green, blue], dtype=np.float32), 0, 1) * strength
