"""Names that nobody bears: of stages, artists, songs and tours, and how people misspell them."""

from collections.abc import Callable, Mapping
from typing import Final

from tests.concerts.truth.draws import Draw
from tests.concerts.truth.parameters import Naming
from tests.concerts.truth.shapes import Kind

_FIRST: Final = (
    *("Blue", "Golden", "Old", "Velvet", "Iron", "Paper", "Silent", "Copper", "Crooked"),
    *("Electric", "Hidden", "Northern", "Broken", "Little", "Amber", "Crystal", "Salt", "Winter"),
    *("Lower", "Second", "Marble", "Hollow", "Scarlet", "Saint Vitus", "Rauchende", "Vieille"),
)
_SECOND: Final = (
    *("Lantern", "Foundry", "Harbour", "Anchor", "Mill", "Garage", "Cellar", "Observatory"),
    *("Depot", "Orchard", "Signal", "Bell", "Compass", "Bakery", "Ferry", "Needle", "Arcade"),
    *("Quarry", "Parrot", "Wheel", "Loom", "Brücke", "Étoile", "Gården", "Ladder", "Turnstile"),
)
_ENDING: Final[Mapping[Kind, tuple[str, ...]]] = {
    "music_venue": ("", "", "", " Club", " Live"),
    "nightclub": ("", "", " Club"),
    "theatre": (" Theatre",),
    "concert_hall": (" Hall", " Concert Hall"),
    "arts_centre": (" Arts Centre", " Works"),
    "events_venue": (" Hall", " Center", ""),
    "stadium": (" Arena", " Stadium"),
    "park": (" Park", " Fields"),
}
_SPONSORS: Final = ("Meridia", "Telvox", "Kronbank", "Aerolux", "Hexafone", "Norwatt", "Palmetto")
_BAND_FIRST: Final = (
    *("Glass", "Night", "Radio", "Feral", "Pale", "Sunday", "Slow", "Tidal", "Neon", "Ghost"),
    *("Kosmo", "Lunar", "Dry", "Little", "Mother", "Tender", "Static", "Wild", "Polar", "Ochre"),
)
_BAND_SECOND: Final = (
    *("Herons", "Engines", "Choir", "Cartographers", "Wolves", "Machine", "Parade", "Saints"),
    *("Motel", "Weather", "Sisters", "Index", "Orphans", "Tapes", "Kites", "Fräulein", "Havens"),
    *("Assembly", "Mirrors", "Youth"),
)
_OTHER_BANDS: Final = ("夜汽車", "Тихий Час", "Ψηφίδες", "حلم بعيد", "MØNSTRE", "!!?", "Sigurrún")
_WORDS: Final = ("Ash", "River", "Letters", "Tomorrow", "Stairs", "Motion", "Fever", "Harvest")


def stage(draw: Draw, kind: Kind, taken: set[str]) -> str:
    """A name that no other stage of the city has; it is added to `taken`."""
    while True:
        name = f"{draw.choice(_FIRST)} {draw.choice(_SECOND)}{draw.choice(_ENDING[kind])}"
        if name not in taken:
            taken.add(name)
            return f"The {name}" if kind == "music_venue" and draw.happens(0.2) else name


def sponsor(draw: Draw, kind: Kind) -> str:
    """What a stage is called by those who paid for it."""
    ending = {"stadium": "Arena", "park": "Open Air", "theatre": "Stage"}.get(kind, "Music Hall")
    return f"{draw.choice(_SPONSORS)} {ending}"


def artist(draw: Draw, taken: set[str]) -> str:
    """A name that nobody else has; some differ in one word only, some are in other scripts."""
    while True:
        name = f"{draw.choice(_BAND_FIRST)} {draw.choice(_BAND_SECOND)}"
        if draw.happens(0.25):
            name = f"The {name}"
        if draw.happens(0.2):
            name = f"{name} {draw.choice(_WORDS)}"
        if draw.happens(0.04):
            name = f"{draw.choice(_OTHER_BANDS)} {draw.choice(_WORDS)}"
        if name not in taken:
            taken.add(name)
            return name


def songs(draw: Draw, count: int) -> tuple[str, ...]:
    """What was played."""
    return tuple(f"{draw.choice(_FIRST)} {draw.choice(_WORDS)}" for _ in range(count))


def tour(draw: Draw, year: int) -> str:
    """The name of a tour; most shows have none."""
    return f"{draw.choice(_WORDS)} Tour {year}" if draw.happens(0.3) else ""


def filed(draw: Draw, name: str, city: str, naming: Naming, kind: Kind) -> str:
    """How setlist.fm calls a stage that OpenStreetMap calls `name`.

    Where `naming` is `former` or `alias`, the map knows the answer as an old or another name.
    """
    return _HOW[naming](draw, name, city, kind)


def _styled(draw: Draw, name: str, _city: str, _kind: Kind) -> str:
    bare = name.removeprefix("The ")
    forms = [name.upper(), bare.replace(" ", "-"), f"{bare}, The", f"“{bare}”", bare.lower()]
    return draw.choice([form for form in forms if form != name])


def _with_city(draw: Draw, name: str, city: str, _kind: Kind) -> str:
    return draw.choice([f"{name} {city}", f"{name} ({city})", f"{city} {name}"])


def _room(draw: Draw, name: str, _city: str, _kind: Kind) -> str:
    return f"{name}{draw.choice([', Main Room', ' - Upstairs', ' (Studio)', ', Halle 2'])}"


def _respelled(_draw: Draw, name: str, _city: str, _kind: Kind) -> str:
    changed = name
    for one, other in _SPELLINGS:
        changed = changed.replace(one, other)
    # A letter that is doubled where none of the spellings applies.
    return changed if changed != name else name[:-1] + name[-2:]


def _by_name(draw: Draw, _name: str, _city: str, kind: Kind) -> str:
    return stage(draw, kind, set())


_SPELLINGS: Final = (
    *(("Theatre", "Theater"), ("Centre", "Center"), ("Saint ", "St. "), ("Harbour", "Harbor")),
    *(("ü", "ue"), ("å", "a"), ("É", "E")),
)
_HOW: Final[Mapping[Naming, Callable[[Draw, str, str, Kind], str]]] = {
    "same": lambda _draw, name, _city, _kind: name,
    "styled": _styled,
    "with city": _with_city,
    "room": _room,
    "respelled": _respelled,
    "former": _by_name,
    "alias": _by_name,
    "unrelated": lambda draw, _name, _city, kind: sponsor(draw, kind),
}
