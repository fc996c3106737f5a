"""Rows of photos as evidence: what each clock is taken for."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from backline.concerts.history import sightings
from backline.concerts.sql.cutting import PhotoFact

SEATTLE = (47.6062, -122.3321)


def fact(taken_at: str, place: tuple[float, float] | None = None, **more: Any) -> PhotoFact:
    columns: dict[str, Any] = {
        "id": uuid4(),
        "taken_at": datetime.fromisoformat(taken_at),
        "latitude": place[0] if place else None,
        "longitude": place[1] if place else None,
        "place_error_m": None,
        "offset_min": None,
        "offset_source": None,
        "gps_at": None,
        "edited_time": False,
        "camera": "",
        "session_id": None,
        "source_id": None,
    }
    return PhotoFact(**(columns | more))


def test_a_camera_that_says_nothing_goes_by_the_zone_of_its_scan() -> None:
    phone = fact("2024-05-03T20:00", SEATTLE)
    camera = fact("2024-05-03T20:05", offset_min=-420, offset_source="default")

    [session] = sightings.cut([phone, camera], None)

    assert session.ids == (phone.id, camera.id)


def test_without_any_zone_it_goes_by_that_of_the_server() -> None:
    phone, camera = fact("2024-05-03T20:00", SEATTLE), fact("2024-05-03T20:05")

    assert len(sightings.cut([phone, camera], "America/Los_Angeles")) == 1
    assert len(sightings.cut([phone, camera], None)) == 2


def test_a_place_tells_more_than_the_zone_of_a_scan() -> None:
    there = fact("2024-05-03T20:00", SEATTLE, offset_min=120, offset_source="default")

    assert sightings.sighting(there).offset_s is None
