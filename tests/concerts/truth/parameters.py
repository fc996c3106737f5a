"""What a world is made by: two sets that differ in cities, habits and rates, not only in seed.

`TUNING` is for whoever writes a matcher; `JUDGING` is looked at when it is finished.
"""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec
from msgspec import Struct

Naming = Literal["same", "styled", "with city", "room", "respelled", "former", "alias", "unrelated"]


class Places(Struct, frozen=True, kw_only=True):
    """Where shows are, and how the gazetteer and setlist.fm call these places."""

    stages_per_city: tuple[int, int]
    twins_per_city: int
    """Pairs of clubs 150 m apart."""
    drawn_as_ways: float
    missing_on_map: float
    decoys: float
    """Stages that have another place of their kind beside them, in which nobody plays."""
    filed_under_neighbour: float
    naming: Mapping[Naming, float]


class Shows(Struct, frozen=True, kw_only=True):
    """What is played, and what setlist.fm knows of it."""

    artists: int
    a_night_per_city: float
    openers: Mapping[int, float]
    late_nights: float
    residencies: float
    """Shows that are followed by another one on the same stage, the next day."""
    unknown: float
    opener_known: float
    entered_late: float
    filed_twice: float
    """Shows of which one setlist stands under a second entry of the same venue."""


class Habits(Struct, frozen=True, kw_only=True):
    """How people go out and take pictures."""

    abroad: float
    together: float
    festivals: float
    twin_nights: float
    photos_a_concert: float
    around: float
    """Visits with photos before or after, nearby: neither right nor wrong to match."""
    own_camera: float
    """People who carry a camera without GPS beside their phone."""
    without_gps: int
    """People whose phone never tells the place."""
    noted: float
    noted_without_gps: float
    beside_a_show: float
    """Days of no concert that are spent near a stage where somebody plays."""
    inside_by_day: float
    """Days of no concert with a visit to a place in which somebody plays that night."""
    holidays: float


class Errors(Struct, frozen=True, kw_only=True):
    """What goes wrong with files."""

    fix: float
    """Photos of phones with GPS that have a fix."""
    no_fix_inside: float
    """Visits without a single fix."""
    blur_m: tuple[float, float]
    stale_fix: float
    null_island: float
    offset_written: float
    """Phones that write their offset from UTC."""
    gps_time_written: float
    error_written: float
    wrong_offset: float
    """Phones that write the offset of their home wherever they are."""
    clock_wrong: float
    """Years in which the clock of a person's own camera is wrong by hours."""
    clock_off_h: tuple[float, float]
    ignores_summer: float
    """Cameras whose clock never changes to summer time."""
    bursts: float
    edits: float
    stripped: float
    """Edited copies that have lost all they knew."""
    dark: float
    look_alikes: float


class Parameters(Struct, frozen=True, kw_only=True):
    """A whole world."""

    name: str
    seed: int
    cities: tuple[str, ...]
    people: int = 50
    concerts: int = 2_000
    photos: int = 60_000
    first_year: int = 2016
    years: int = 10
    places: Places
    shows: Shows
    habits: Habits
    errors: Errors

    def smaller(self, part: int, seed: int | None = None) -> "Parameters":
        """The same world with a `part`-th of its people, concerts and photos."""
        return msgspec.structs.replace(
            self,
            people=self.people // part,
            concerts=self.concerts // part,
            photos=self.photos // part,
            habits=msgspec.structs.replace(
                self.habits, without_gps=max(1, self.habits.without_gps // part)
            ),
            seed=self.seed if seed is None else seed,
        )


TUNING: Final = Parameters(
    name="tuning",
    seed=1969,
    cities=(
        *("Berlin", "Hamburg", "Vienna", "Amsterdam", "Zaandam", "London", "Glasgow"),
        *("Lisbon", "Madrid", "Copenhagen", "Helsinki", "Prague", "New York City", "Brooklyn"),
        *("Chicago", "Los Angeles", "Montréal", "São Paulo", "Tokyo", "Sydney"),
    ),
    places=Places(
        stages_per_city=(14, 26),
        twins_per_city=2,
        drawn_as_ways=0.6,
        missing_on_map=0.012,
        decoys=0.4,
        filed_under_neighbour=0.12,
        naming={
            "same": 0.5, "styled": 0.16, "with city": 0.09, "room": 0.06, "respelled": 0.06,
            "former": 0.05, "alias": 0.06, "unrelated": 0.02,
        },
    ),
    shows=Shows(
        artists=600,
        a_night_per_city=2.2,
        openers={0: 0.35, 1: 0.45, 2: 0.2},
        late_nights=0.12,
        residencies=0.15,
        unknown=0.035,
        opener_known=0.6,
        entered_late=0.05,
        filed_twice=0.04,
    ),
    habits=Habits(
        abroad=0.18,
        together=0.15,
        festivals=0.05,
        twin_nights=0.06,
        photos_a_concert=16,
        around=0.3,
        own_camera=0.2,
        without_gps=2,
        noted=0.12,
        noted_without_gps=0.45,
        beside_a_show=0.012,
        inside_by_day=0.012,
        holidays=0.08,
    ),
    errors=Errors(
        fix=0.75,
        no_fix_inside=0.03,
        blur_m=(6, 48),
        stale_fix=0.03,
        null_island=0.004,
        offset_written=0.65,
        gps_time_written=0.7,
        error_written=0.75,
        wrong_offset=0.06,
        clock_wrong=0.3,
        clock_off_h=(2.5, 11),
        ignores_summer=0.4,
        bursts=0.06,
        edits=0.05,
        stripped=0.3,
        dark=0.05,
        look_alikes=0.08,
    ),
)  # fmt: skip

JUDGING: Final = Parameters(
    name="judging",
    seed=1977,
    cities=(
        *("Munich", "Leipzig", "Köln", "Zürich", "Brussels", "Paris", "Saint-Denis"),
        *("Manchester", "Salford", "Dublin", "Barcelona", "Milan", "Stockholm", "Oslo"),
        *("Reykjavík", "Warsaw", "Athens", "Austin", "Denver", "Seattle", "Toronto"),
        *("Mexico City", "Buenos Aires", "Osaka", "Melbourne", "Auckland", "Mumbai"),
    ),
    places=Places(
        stages_per_city=(10, 34),
        twins_per_city=3,
        drawn_as_ways=0.45,
        missing_on_map=0.01,
        decoys=0.55,
        filed_under_neighbour=0.2,
        naming={
            "same": 0.42, "styled": 0.2, "with city": 0.1, "room": 0.08, "respelled": 0.07,
            "former": 0.06, "alias": 0.05, "unrelated": 0.02,
        },
    ),
    shows=Shows(
        artists=800,
        a_night_per_city=3.0,
        openers={0: 0.3, 1: 0.4, 2: 0.2, 3: 0.1},
        late_nights=0.16,
        residencies=0.2,
        unknown=0.03,
        opener_known=0.5,
        entered_late=0.07,
        filed_twice=0.05,
    ),
    habits=Habits(
        abroad=0.25,
        together=0.2,
        festivals=0.07,
        twin_nights=0.08,
        photos_a_concert=14,
        around=0.35,
        own_camera=0.3,
        without_gps=2,
        noted=0.16,
        noted_without_gps=0.5,
        beside_a_show=0.009,
        inside_by_day=0.015,
        holidays=0.1,
    ),
    errors=Errors(
        fix=0.68,
        no_fix_inside=0.035,
        blur_m=(5, 55),
        stale_fix=0.04,
        null_island=0.006,
        offset_written=0.55,
        gps_time_written=0.6,
        error_written=0.65,
        wrong_offset=0.08,
        clock_wrong=0.25,
        clock_off_h=(2.5, 14),
        ignores_summer=0.5,
        bursts=0.08,
        edits=0.06,
        stripped=0.35,
        dark=0.07,
        look_alikes=0.1,
    ),
)  # fmt: skip
