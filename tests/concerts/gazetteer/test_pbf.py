"""Extracts of OpenStreetMap: points, drawn grounds and grounds of several parts."""

from pathlib import Path

import pytest

from backline.concerts.gazetteer import NewVenue
from backline.concerts.gazetteer.reading import pbf
from backline.concerts.gazetteer.reading.said import Step, Unreadable
from tests.concerts.gazetteer.maps import CORNERS, extract


def read(path: Path) -> tuple[list[NewVenue], dict[str, int]]:
    skipped: dict[str, int] = {}
    return [one for one in pbf.venues(path, skipped) if not isinstance(one, Step)], skipped


def test_points_ways_and_relations_are_venues(tmp_path: Path) -> None:
    (club, arena, park), skipped = read(extract(tmp_path / "x.osm.pbf"))

    assert club == NewVenue(
        "osm", "node/1", "nightclub", "SO36", ("SO 36", "Esso"), 52.50039, 13.42226
    )
    assert (arena.source_id, arena.kind, arena.other_names) == ("way/5", "stadium", ("Field",))
    assert arena.capacity == 20_000
    assert park.source_id == "relation/9"
    for one in (arena, park):
        assert (one.latitude, one.longitude) == pytest.approx((52.0005, 13.001))
        assert one.reach_m == pytest.approx(69.6, abs=0.1)
        assert set(zip(one.outline[1::2], one.outline[::2], strict=True)) == set(CORNERS)
    assert skipped == {"without a name": 1, "without a place": 1}


def test_more_than_is_taken_at_once_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pbf, "_MOST_NODES", 6)

    with pytest.raises(Unreadable, match="extracts of countries"):
        read(extract(tmp_path / "x.osm.pbf"))


def test_a_damaged_extract_is_refused(tmp_path: Path) -> None:
    path = extract(tmp_path / "x.osm.pbf", nodes=2_000)
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(Unreadable, match="extract of OpenStreetMap"):
        read(path)
