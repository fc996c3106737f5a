"""GeoJSON: what is a venue, what is left out and why, what is no GeoJSON; a feature at a time."""

import json
import tracemalloc
from pathlib import Path
from typing import Any

import pytest

from backline.concerts.gazetteer import NewVenue
from backline.concerts.gazetteer.reading import geojson
from backline.concerts.gazetteer.reading.said import Unreadable
from tests.concerts.gazetteer.maps import CORNERS, collection, feature


def read(path: Path, text: str | bytes) -> tuple[list[NewVenue], dict[str, int]]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    skipped: dict[str, int] = {}
    return list(geojson.venues(path, skipped)), skipped


def names(path: Path, text: str | bytes) -> list[str]:
    return [one.name for one in read(path, text)[0]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "venues.geojson"


def test_a_venue_has_its_kind_its_names_and_its_place(path: Path) -> None:
    given = feature(
        "Astra", alt_name="Astra Kulturhaus;Astra Berlin", old_name="Kulturhaus", capacity=1500
    )
    (found,), skipped = read(path, collection(given))

    assert found == NewVenue(
        "osm", "node/5", "theatre", "Astra", ("Astra Kulturhaus", "Astra Berlin", "Kulturhaus"),
        52.50039, 13.42226, capacity=1500,
    )  # fmt: skip
    assert skipped == {}


def test_a_ground_has_its_middle_its_reach_and_its_corners(path: Path) -> None:
    ring = [*CORNERS, CORNERS[0]]
    drawn = feature("Drawn") | {"geometry": {"type": "Polygon", "coordinates": [ring]}}
    parts = feature("Parts") | {
        "geometry": {
            "type": "MultiPolygon",
            "coordinates": [[[*ring[:3], ring[0]]], [[*ring[2:], ring[2]]]],
        }
    }
    found, _ = read(path, collection(drawn, parts))

    for one in found:
        assert (one.latitude, one.longitude) == pytest.approx((52.0005, 13.001))
        # 137 m by 111 m.
        assert one.reach_m == pytest.approx(69.6, abs=0.1)
        corners = set(zip(one.outline[1::2], one.outline[::2], strict=True))
        assert corners == set(CORNERS)


def test_a_ground_across_the_meridian_of_180_stays_small(path: Path) -> None:
    ring = [[179.999, -8.5], [-179.999, -8.5], [-179.999, -8.499], [179.999, -8.499]]
    given = feature("Fale") | {"geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}
    (found,), _ = read(path, collection(given))

    assert abs(found.longitude or 0) == pytest.approx(180, abs=1e-6)
    assert found.reach_m == pytest.approx(88, abs=1)


def test_long_outlines_keep_few_corners(path: Path) -> None:
    ring = [[n / 1e5, (n * n % 1000) / 1e5] for n in range(5_000)]
    given = feature("Long") | {"geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}}
    (found,), _ = read(path, collection(given))

    assert 0 < len(found.outline) <= 2 * 48


@pytest.mark.parametrize(
    ("given_id", "expected"),
    [
        ("way/17", ("osm", "way/17")),
        ("w17", ("osm", "way/17")),
        ("a34", ("osm", "way/17")),
        ("a35", ("osm", "relation/17")),
        (17, ("file", "17")),
        ("hall", ("file", "hall")),
    ],
)
def test_a_venue_is_known_again_by_its_id(
    path: Path, given_id: object, expected: tuple[str, str]
) -> None:
    given = feature("Hall") | {"id": given_id}
    del given["properties"]["@id"]
    (found,), _ = read(path, collection(given))

    assert (found.source, found.source_id) == expected


def test_a_venue_without_an_id_is_known_by_its_name_and_place(path: Path) -> None:
    given = feature("Hall")
    given["properties"] = {"name": "Hall"}
    (found,), _ = read(path, collection(given))

    assert (found.source, found.source_id) == ("file", "Hall@52.5004,13.4223")
    assert found.kind == "music_venue"


def test_what_is_left_out_is_counted_by_why(path: Path) -> None:
    odd: list[Any] = [
        feature(""),
        feature("Bar", amenity="bar"),
        feature("Far", (513.4, 52.5)),
        feature("Flat", (13.4,)),
        feature("None") | {"geometry": None},
        feature("Text") | {"geometry": {"type": "Polygon", "coordinates": "x"}},
        feature("Nothing") | {"geometry": {"type": "Polygon", "coordinates": [[]]}},
        {"type": "Feature"},
        7,
    ]
    found, skipped = read(path, collection(*odd))

    assert found == []
    assert skipped == {
        "no feature": 1, "without a name": 2, "no venue": 1, "without a place": 5
    }  # fmt: skip


def test_lines_of_features_are_read_as_well(path: Path) -> None:
    lines = [json.dumps(feature(name)) for name in ("One", "Three")]

    assert names(path, "\n".join(lines) + "\n") == ["One", "Three"]
    assert names(path, "".join(f"\x1e{line}\n" for line in lines)) == ["One", "Three"]
    assert names(path, lines[0]) == ["One"]


def test_texts_are_whole_wherever_they_are_cut(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = [feature("Bühne „Süd“ 🎸"), feature('\\"x\\', note=[{"a": "}]"}, 12345.678])]
    text = "\ufeff" + json.dumps(
        {"crs": {"a": [1, 2]}, "n": 12, "features": given, "type": "FeatureCollection"},
        ensure_ascii=False,
    )
    for size in (1, 2, 3, 7, 64):
        monkeypatch.setattr(geojson, "_CHUNK", size)

        assert names(path, text) == ["Bühne „Süd“ 🎸", '\\"x\\']


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (collection(feature("One"), feature("Three"))[:-150], "isn't whole JSON"),
        (collection(feature("One"))[:-1], "cut off"),
        (collection(feature("One")) + "x", "follows the end"),
        ('{"type": "FeatureCollection", "features": [1 2]}', "stands '2'"),
        ('{"type": "Topology"}', "isn't GeoJSON of features"),
        ("[1]", "begins with a brace"),
        (b'{"features": ["\xff"]}', "UTF-8"),
        ('{"features": [' + "[" * 100_000, "too deep"),
        ('{"features": [NaNN]}', "stands 'N'"),
        ("{", "cut off"),
    ],
)
def test_what_is_broken_is_said(path: Path, text: str | bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read(path, text)


def test_what_is_endless_is_refused(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(geojson, "_LONGEST", 10_000)
    monkeypatch.setattr(geojson, "_CHUNK", 1_000)

    with pytest.raises(Unreadable, match="too long"):
        read(path, '{"features": ["' + "x" * 20_000)


@pytest.mark.slow
def test_a_long_file_takes_no_more_memory_than_a_short_one(path: Path) -> None:
    one = json.dumps(feature("Hall", note="x" * 500))
    path.write_text('{"type": "FeatureCollection", "features": [' + ",".join([one] * 30_000) + "]}")
    assert path.stat().st_size > 18_000_000

    tracemalloc.start()
    count = sum(1 for _ in geojson.venues(path, {}))
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert count == 30_000
    assert peak_bytes < 12_000_000
