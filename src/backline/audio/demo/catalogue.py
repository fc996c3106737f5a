"""The sample pieces: names, years, genres. No sound is made here."""

from typing import Final

import msgspec


class Piece(msgspec.Struct, frozen=True):
    """A sample piece.

    `score` names its function in the scores, `owner` says which of the sample people has it;
    `hue` is the cover's OKLCH hue in degrees, `layout` how its levels are drawn.
    """

    title: str
    artist: str
    album: str
    genre: str
    year: int
    track_number: int
    score: str
    owner: int
    hue: float
    layout: str

    @property
    def filename(self) -> str:
        """What the uploaded file is called."""
        return f"{self.artist} - {self.title}.flac"


class DemoTrack(msgspec.Struct, frozen=True):
    """A piece that was written to a tagged FLAC file with a cover."""

    index: int
    path: str
    size_bytes: int
    duration_samples: int
    rate_hz: int


PIECES: Final = (
    Piece(
        *("Slow Lights", "Marlow Pier", "Harbour Hours", "Ambient", 2023, 1),
        *("slow_lights", 0, 235, "horizon"),
    ),
    Piece(
        *("Tin Roof Rain", "Marlow Pier", "Harbour Hours", "Lo-fi", 2023, 2),
        *("tin_roof_rain", 0, 200, "horizon"),
    ),
    Piece(
        *("Copper Wire", "The Idle Relays", "Switchboard", "Electronic", 2024, 1),
        *("copper_wire", 0, 45, "meter"),
    ),
    Piece(
        *("Night Bus 14", "The Idle Relays", "Switchboard", "Synthwave", 2024, 2),
        *("night_bus", 1, 330, "meter"),
    ),
    Piece(
        *("Paper Boats", "Ona Velde", "Small Weather", "Folk", 2021, 1),
        *("paper_boats", 1, 150, "rings"),
    ),
    Piece(
        *("First Frost", "Ona Velde", "Small Weather", "Classical", 2021, 2),
        *("first_frost", 1, 260, "rings"),
    ),
    Piece(
        *("Kiosk", "Bureau of Echoes", "Opening Times", "Jazz", 2025, 1),
        *("kiosk", 2, 75, "dots"),
    ),
    Piece(
        *("After the Encore", "Bureau of Echoes", "Opening Times", "Dub", 2025, 2),
        *("after_the_encore", 2, 20, "dots"),
    ),
)
