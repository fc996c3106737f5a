"""Files as Drive tells of them: everything may be of another type, missing, or a lie."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from backline.concerts.drive import reading

GOOD = {
    "id": "1aB_-9",
    "name": "Mühle.JPG",
    "mimeType": "image/jpeg",
    "size": "4711",
    "md5Checksum": "0123456789abcdef" * 2,
    "modifiedTime": "2025-05-03T20:15:02.000Z",
    "imageMediaMetadata": {
        "time": "2025:05:03 20:15:02",
        "location": {"latitude": 52.52, "longitude": 13.405, "altitude": 34},
        "width": 4032,
        "height": 3024,
        "cameraMake": "Lumen",
        "cameraModel": "Lumen L7",
    },
}


def raw(**changed: Any) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(GOOD | changed))


def image(**changed: Any) -> msgspec.Raw:
    return raw(imageMediaMetadata=GOOD["imageMediaMetadata"] | changed)  # type: ignore[operator]


def one(file: msgspec.Raw) -> reading.Listed:
    [found] = reading.read([file], None)
    return found


def test_time_place_and_camera_are_told() -> None:
    found = one(raw())

    assert (found.remote_id, found.name, found.size_bytes) == ("1aB_-9", "Mühle.JPG", 4711)
    assert found.md5 == bytes.fromhex("0123456789abcdef" * 2)
    facts = found.facts
    assert str(facts.taken_at) == "2025-05-03 20:15:02"
    assert (facts.offset_min, facts.offset_source) == (120, "place")
    assert (facts.latitude, facts.longitude, facts.camera) == (52.52, 13.405, "Lumen L7")
    assert (facts.width_px, facts.height_px, facts.fingerprint) == (4032, 3024, None)


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("1904:01:01 00:00:00", "1904-01-01 00:00:00"),
        ("2150:01:01 00:00:00", "2150-01-01 00:00:00"),
        ("0000:00:00 00:00:00", "None"),
        ("2025:13:40 99:99:99", "None"),
        ("9999:12:31 23:59:59", "None"),
        (1_746_303_302, "None"),
        (["2025:05:03 20:15:02"], "None"),
        ("", "None"),
    ],
)
def test_times_that_no_camera_can_have_shown(said: object, taken: str) -> None:
    facts = one(image(time=said)).facts

    assert str(facts.taken_at) == taken
    assert ("odd-time" in facts.notes) == (taken != "None")


@pytest.mark.parametrize(
    "location",
    [
        {"latitude": 0, "longitude": 0},
        {"latitude": 91, "longitude": 0},
        {"latitude": 1e400, "longitude": 10},
        {"latitude": "52", "longitude": "13"},
        {"latitude": True, "longitude": True},
        {"latitude": 52.5},
        [52.5, 13.4],
        "Berlin",
    ],
)
def test_places_that_are_none(location: object) -> None:
    facts = one(image(location=location)).facts

    assert (facts.latitude, facts.longitude) == (None, None)
    assert "odd-place" in facts.notes


def test_the_poles_are_places() -> None:
    facts = one(image(location={"latitude": -90, "longitude": 180})).facts

    assert (facts.latitude, facts.longitude, facts.notes) == (-90, 180, [])


@pytest.mark.parametrize(
    ("size", "bytes_"), [("12", 12), (12, 12), ("-1", 0), ("1e9", 0), (None, 0), ("9" * 40, 0)]
)
def test_a_size_is_what_is_said_if_it_can_be_one(size: object, bytes_: int) -> None:
    assert one(raw(size=size)).size_bytes == bytes_


def test_names_are_a_line_of_text() -> None:
    assert one(raw(name="a\u0000b")).name == "a"
    assert one(raw(name="a\nb\u202e")).name == "a b"
    assert one(raw(name=17)).name == "Photo"
    assert len(one(raw(name="x" * 10_000)).name) <= 255


@pytest.mark.parametrize(
    "file",
    [
        raw(id=5),
        raw(id="../about"),
        raw(id="x" * 300),
        raw(id="a\n"),
        raw(mimeType="image/svg+xml"),
        raw(mimeType="text/html"),
        raw(mimeType=None),
        raw(trashed=True),
        msgspec.Raw(b"null"),
        msgspec.Raw(b"[]"),
        msgspec.Raw(b'{"id":"a","name":"\xff"}'),
    ],
)
def test_what_is_no_photo_is_passed_over(file: msgspec.Raw) -> None:
    assert reading.read([file, raw(id="good")], None) == [one(raw(id="good"))]


def test_an_id_that_comes_twice_is_one_file() -> None:
    found = reading.read([raw(name="first.jpg"), raw(name="last.jpg")], None)

    assert [one.name for one in found] == ["last.jpg"]


def test_only_what_is_kept_makes_a_file_another() -> None:
    assert one(raw()).evidence == one(raw(modifiedTime="2026-01-01T00:00:00Z")).evidence
    assert one(raw()).evidence != one(raw(name="other.jpg")).evidence
    assert one(raw()).evidence != one(image(time="2025:05:03 20:15:03")).evidence


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from(sorted(GOOD)), ANYTHING), ANYTHING, ANYTHING)
def test_anything_in_any_place_stops_nothing(
    changed: dict[str, Any], location: object, time: object
) -> None:
    image_ = {"location": location, "time": time, "width": location, "cameraModel": time}
    told = GOOD | {"imageMediaMetadata": image_} | changed
    encoded = msgspec.Raw(msgspec.json.encode(told))

    for found in reading.read([encoded], "Europe/Berlin"):
        facts = found.facts
        assert found.size_bytes < 2**63
        assert facts.latitude is None or abs(facts.latitude) <= 90
        assert "\0" not in found.name + facts.camera
