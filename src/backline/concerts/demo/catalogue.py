"""The sample nights: where, when, with which camera, in which light. Nothing is painted here."""

from datetime import datetime
from typing import Final

import msgspec


class Night(msgspec.Struct, frozen=True):
    """Photos of one evening; `begins` is wall time, `hue` OKLCH's, in degrees.

    `offset` is what the camera writes of its zone, or None; `gps` whether it writes its place.
    """

    name: str
    begins: datetime
    offset: str | None
    latitude: float
    longitude: float
    camera: tuple[str, str]
    hue: float
    count: int
    gps: bool = True


class Shot(msgspec.Struct, frozen=True):
    """One photo of a night: minutes after its beginning, and how it is framed."""

    night: Night
    number: int
    taken_at: datetime
    portrait: bool
    seed: int

    @property
    def path(self) -> str:
        """Its file, relative to the sample folder."""
        return f"{self.night.begins:%Y-%m-%d} {self.night.name}/IMG_{self.number:04}.jpg"


_PHONE, _CAMERA, _OLD = ("Lumen", "L7"), ("Kestrel", "K-3"), ("Pocketa", "200Z")
NIGHTS: Final = (
    Night("Harbour", datetime(2023, 6, 17, 20, 40), "+02:00", 53.5436, 9.9669, _PHONE, 75, 9),  # noqa: DTZ001
    Night("Old mill", datetime(2023, 11, 3, 21, 15), "+01:00", 52.4993, 13.4434, _PHONE, 300, 7),  # noqa: DTZ001
    Night("Canal stage", datetime(2024, 5, 25, 19, 30), None, 52.3791, 4.9003, _CAMERA, 200, 8),  # noqa: DTZ001
    Night("Cellar", datetime(2024, 9, 14, 23, 35), "+01:00", 51.5262, -0.0784, _PHONE, 20, 6),  # noqa: DTZ001
    Night("Park", datetime(2025, 7, 12, 18, 5), "-04:00", 40.6602, -73.9690, _PHONE, 140, 8),  # noqa: DTZ001
    Night("Somewhere", datetime(2012, 3, 30, 21, 50), None, 0, 0, _OLD, 330, 4, gps=False),  # noqa: DTZ001
)
# These lie in the made-up Drive.
DRIVE_NIGHTS: Final = (
    Night("Quay", datetime(2022, 8, 20, 20, 10), "+02:00", 53.5436, 9.9669, _PHONE, 250, 4),  # noqa: DTZ001
    Night("Lock", datetime(2025, 3, 29, 20, 30), "+01:00", 52.3791, 4.9003, _PHONE, 45, 5),  # noqa: DTZ001
)
