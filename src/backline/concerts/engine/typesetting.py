"""A history set as a PDF; runs inside a confined child.

Names and notes are strangers' words and stay data: the template prints them and runs none.
"""

import os
from pathlib import Path
from typing import Annotated, Any, Final

import msgspec
import pyvips
import typst
from msgspec import Meta

from backline.concerts.engine import lettering
from backline.platform.confined import report

DATA: Final = "data.json"
_TEMPLATE: Final = Path(__file__).with_name("history.typ")
_PHOTO_PX: Final = 640
_ANY_HEIGHT_PX: Final = 10_000
_QUALITY: Final = 78
_MOST_SCRIPTS: Final = 5
_THREADS: Final = "2"


class Typeset(msgspec.Struct, frozen=True):
    """What was set: how large the file is, and what it couldn't show, in words."""

    size_bytes: int
    warnings: list[str]


def typeset(folder: str, photos: Annotated[list[str], Meta(max_length=2_000)]) -> Typeset:
    """Set what lies in a folder's `data.json` as `history.pdf` beside it.

    `photos` are pictures in that folder; each is drawn anew as `<name>.jpg` first. One that can't
    be read is left out, and told.
    """
    os.environ.setdefault("RAYON_NUM_THREADS", _THREADS)
    place = Path(folder)
    data = msgspec.json.decode((place / DATA).read_bytes())
    broken = _draw(place, photos)
    warnings: list[str] = []
    if broken:
        _leave_out(data, broken)
        warnings.append(f"{len(broken)} of the photos can't be read and are left out.")
    warnings += _mend_letters(data)
    data["notes"] = [*data["notes"], *warnings]
    (place / DATA).write_bytes(msgspec.json.encode(data))
    fonts = typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=False,
        font_paths=[str(one) for one in lettering.FOLDERS],
    )
    compiler = typst.Compiler(
        input=_TEMPLATE.read_bytes(), root=folder, font_paths=fonts, ignore_system_fonts=True
    )
    out = place / "history.pdf"
    compiler.compile(output=str(out), format="pdf")
    return Typeset(out.stat().st_size, warnings)


def _draw(place: Path, photos: list[str]) -> set[str]:
    """Draw photos as small JPEGs; the names of those that can't be read."""
    broken: set[str] = set()
    for index, name in enumerate(photos):
        try:
            image: Any = pyvips.Image.thumbnail(
                str(place / name), _PHOTO_PX, height=_ANY_HEIGHT_PX, size="down"
            )
            if image.hasalpha():
                image = image.flatten(background=255)
            image.jpegsave(str(place / f"{name}.jpg"), Q=_QUALITY, keep="none")
        except pyvips.Error:
            broken.add(f"{name}.jpg")
        report(index + 1, len(photos))
    return broken


def _leave_out(data: Any, broken: set[str]) -> None:
    for year in data["years"]:
        for concert in year["concerts"]:
            concert["photos"] = [name for name in concert["photos"] if name not in broken]


def _mend_letters(data: Any) -> list[str]:
    """Show letters that no typeface has as one sign, and say which kinds they are of."""
    texts: list[str] = []
    _each(data, texts.append)
    missing = lettering.lacking(texts)
    if not missing:
        return []
    table = dict.fromkeys(map(ord, missing), lettering.MISSING)
    _change(data, table)
    scripts = sorted({lettering.script_of(letter) for letter in missing})
    named = ", ".join(scripts[:_MOST_SCRIPTS]) + (" and more" * (len(scripts) > _MOST_SCRIPTS))
    return [f"Backline has no typeface for some letters ({named}): they stand as “�”."]


def _each(node: Any, hear: Any) -> None:
    if isinstance(node, str):
        hear(node)
    elif isinstance(node, list):
        for one in node:  # pyright: ignore[reportUnknownVariableType]
            _each(one, hear)
    elif isinstance(node, dict):
        for one in node.values():  # pyright: ignore[reportUnknownVariableType]
            _each(one, hear)


def _change(node: Any, table: dict[int, str]) -> None:
    """Write every text in a tree anew, in its place."""
    places: list[tuple[Any, Any]] = (
        [*enumerate(node)] if isinstance(node, list) else [*node.items()]  # pyright: ignore[reportUnknownArgumentType]
    )
    for key, one in places:
        if isinstance(one, str):
            node[key] = one.translate(table)
        elif isinstance(one, (list, dict)):
            _change(one, table)
