"""A history as a PDF: words and photos put into a folder, and set there in a confined process."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import msgspec

from backline.concerts import keys
from backline.concerts.engine import ladder
from backline.concerts.engine.findings import THUMBNAIL
from backline.concerts.exports.gathering import Gathered, Told, ToldArtist
from backline.concerts.sql.gathering import PhotoRow
from backline.platform.confined import Confinement, ConfinementFault, ConfinementLost, Limits
from backline.platform.errors import NotFound
from backline.platform.jobs import GiveUp
from backline.platform.storage import Storage

MOST_CONCERTS: Final = 2_000
MOST_PHOTOS: Final = 400
PHOTOS_EACH: Final = 3
_WIDTH_PX: Final = 800
_MOST_RANKED: Final = 12
_TITLE_NAMES: Final = 4
_MIB: Final = 1024 * 1024
_LIMITS: Final = Limits(
    memory_bytes=2048 * _MIB, cpu_s=600, wall_s=1200.0, file_bytes=512 * _MIB, open_files=256
)
# The engine is named, not imported: what it stands on lives in confined processes alone.
_TYPESET: Final = "backline.concerts.engine.typesetting:typeset"
_REGIONS: Final = {"CN": "SC", "SG": "SC", "TW": "TC", "HK": "HK", "MO": "HK", "KR": "KR"}
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)
_DAYS: Final = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
Note = Callable[[int, int, str], None]


class _Set(msgspec.Struct, frozen=True):
    size_bytes: int
    warnings: list[str]


class Printed(msgspec.Struct, frozen=True):
    """A PDF that lies in the folder, and what it lacks, in words."""

    path: Path
    count: int
    warnings: list[str]


async def print_history(
    confinement: Confinement,
    storage: Storage,
    owner_id: UUID,
    name: str,
    gathered: Sequence[Gathered],
    folder: Path,
    note: Note,
) -> Printed:
    """Set a history, the first concert first; of many concerts the latest.

    Raises:
        GiveUp: it couldn't be set, with a sentence for its owner.
    """
    warnings: list[str] = []
    shown = list(gathered)[-MOST_CONCERTS:]
    if len(shown) < len(gathered):
        warnings.append(
            f"A PDF holds {MOST_CONCERTS:,} concerts at the most: these are the latest of "
            f"{len(gathered):,}. Narrow the list by year to have the others."
        )
    chosen, photo_count = _chosen(shown)
    if len(chosen) < photo_count:
        warnings.append(
            f"A PDF holds {MOST_PHOTOS} photos at the most: starred ones and those of the latest "
            "concerts come first."
        )
    names: dict[UUID, str] = {}
    for index, photo in enumerate(chosen):
        if await _fetch(storage, owner_id, photo, folder / photo.id.hex):
            names[photo.id] = f"{photo.id.hex}.jpg"
        note(index + 1, len(chosen), "Collecting photos")
    if len(names) < len(chosen):
        warnings.append(f"{len(chosen) - len(names)} of the photos are gone and are left out.")
    data = _data(name, [one.told for one in shown], names, warnings)
    await asyncio.to_thread((folder / "data.json").write_bytes, msgspec.json.encode(data))
    note(0, 0, "Setting the pages")
    try:
        done = await confinement.call(
            _TYPESET,
            *(str(folder), [photo.id.hex for photo in chosen if photo.id in names]),
            returns=_Set,
            limits=_LIMITS,
            reads=[folder],
            writes=[folder],
        )
    except ConfinementLost:
        raise
    except ConfinementFault as fault:
        raise GiveUp(
            f"The PDF couldn't be set. {fault.reason} Narrow the list by year, or ask for CSV."
        ) from fault
    return Printed(folder / "history.pdf", len(shown), [*warnings, *done.warnings])


def _chosen(gathered: Sequence[Gathered]) -> tuple[list[PhotoRow], int]:
    """The photos that are shown, and how many there are: starred ones, and the latest, first."""
    photos = [photo for one in reversed(gathered) for photo in one.photos]
    return sorted(photos, key=lambda photo: not photo.starred)[:MOST_PHOTOS], len(photos)


async def _fetch(storage: Storage, owner_id: UUID, photo: PhotoRow, path: Path) -> bool:
    """Copy a drawn photo under a path; False where it is gone."""
    generation, name = photo.thumbnail_generation or "", THUMBNAIL
    if photo.webp_generation is not None:
        widths = ladder.widths(photo.width_px or ladder.WIDTHS_PX[0])
        width_px = max((one for one in widths if one <= _WIDTH_PX), default=widths[0])
        generation = photo.webp_generation
        name = ladder.name(width_px, ladder.QUALITIES[0], "webp")
    key = f"{keys.prefix(owner_id, photo.id, generation)}/{name}"
    try:
        async with storage.local_copy(key) as found:
            await asyncio.to_thread(lambda: path.write_bytes(found.read_bytes()))
    except NotFound:
        return False
    return True


def _data(name: str, told: list[Told], names: dict[UUID, str], warnings: list[str]) -> Any:
    """All that the template prints, as it is printed."""
    years: dict[int, list[Told]] = {}
    for one in told:
        years.setdefault(one.held_on.year, []).append(one)
    span = range(min(years), max(years) + 1) if years else range(0)
    artists = _ranked([artist.name for one in told for artist in one.bill])
    venues = _ranked([_place(one) for one in told if one.venue])
    cities = {(one.venue.city, one.venue.country_code) for one in told if one.venue}
    sums = (
        ("Concerts", len(told)),
        ("Artists", len({artist.name for one in told for artist in one.bill})),
        ("Venues", len({_place(one) for one in told if one.venue})),
        ("Cities", len(cities - {("", "")})),
    )
    between = f"{span[0]} to {span[-1]}" if len(span) > 1 else str(span[0]) if span else ""
    return {
        "title": "Concerts",
        "name": name,
        "subtitle": ", ".join(part for part in (name, between) if part),
        "sums": [[label, f"{n:,}"] for label, n in sums],
        "columns": [
            {"label": f"{year % 100:02}", "count": len(years.get(year, ()))} for year in span
        ],
        "rankings": [["Seen most often", artists], ["Visited most often", venues]],
        "made": f"Made with Backline on {_day(datetime.now(UTC).date())}",
        "years": [
            {"label": str(year), "concerts": [_night(one, names) for one in years[year]]}
            for year in sorted(years)
        ],
        "notes": warnings,
    }


def _night(one: Told, names: dict[UUID, str]) -> Any:
    country = one.venue.country_code if one.venue else ""
    until = f" to {_day(one.ends_on, year=False)}" if one.ends_on not in (None, one.held_on) else ""
    return {
        "day": _day(one.held_on, year=False) + until,
        "weekday": _DAYS[one.held_on.weekday()],
        "name": _title(one),
        "venue": _place(one),
        "bill": [_played(artist) for artist in one.bill],
        "notes": one.notes,
        "photos": [names[photo.id] for photo in one.photos if photo.id in names],
        "region": _REGIONS.get(country, "JP"),
    }


def _played(artist: ToldArtist) -> Any:
    url = artist.setlist_url if artist.setlist_url.startswith(("https://", "http://")) else ""
    about = {"name": artist.name, "headliner": artist.headliner, "tour": artist.tour}
    return {**about, "url": url, "songs": artist.songs}


def _title(one: Told) -> str:
    """What a concert is called: by its title, by whom one went for, by where it was."""
    leading = [artist.name for artist in one.bill if artist.headliner]
    names = leading or [artist.name for artist in one.bill]
    return one.title or ", ".join(names[:_TITLE_NAMES]) or "A concert"


def _place(one: Told) -> str:
    venue = one.venue
    parts = (venue.name, venue.city, venue.country_code) if venue else ()
    return ", ".join(part for part in parts if part)


def _ranked(names: list[str]) -> list[list[str]]:
    counts: dict[str, int] = {}
    for name in names:
        counts[name] = counts.get(name, 0) + 1
    most = sorted(counts.items(), key=lambda item: (-item[1], item[0]))[:_MOST_RANKED]
    return [[name, str(n)] for name, n in most]


def _day(day: date | None, *, year: bool = True) -> str:
    if day is None:
        return ""
    words = f"{day.day} {_MONTHS[day.month - 1]}"
    return f"{words} {day.year}" if year else words
