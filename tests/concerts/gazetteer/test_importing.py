"""Venues from files: taken once, however often; what is wrong is said, and what was left out."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from backline.concerts.gazetteer import importing, venues
from backline.concerts.gazetteer.importing import Report
from backline.platform.database import Database
from backline.platform.errors import Invalid
from tests.concerts.gazetteer.conftest import keep, venue
from tests.concerts.gazetteer.maps import collection, extract, feature
from tests.concerts.outside.test_commands import environ, told
from tests.platform.jobs.working import value

pytestmark = pytest.mark.slow

__all__ = ["environ"]
COUNT = "SELECT count(*) FROM venues"


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that the service's user may read, too, where root runs the tests."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


async def take(database: Database, path: Path) -> Report:
    return await importing.take(database, path, None, lambda _what, _seen: None)


async def test_the_same_file_again_changes_nothing(database: Database, tmp_path: Path) -> None:
    path = extract(tmp_path / "x.osm.pbf", nodes=1_200)

    first, again = await take(database, path), await take(database, path)

    left_out = {"without a name": 1, "without a place": 1}
    assert first == Report(1_203, 0, 0, left_out)
    assert again == Report(0, 0, 1_203, left_out)
    assert await value(database, COUNT) == 1_203


async def test_a_later_file_changes_what_has_changed(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "venues.json"
    path.write_text(collection(feature("Magnet", **{"@id": "way/1"}), feature("Lido")))
    await take(database, path)
    path.write_text(collection(feature("Bi Nuu", **{"@id": "way/1"}), feature("Lido")))

    report = await take(database, path)

    assert report == Report(0, 1, 1, {})
    async with database.read() as read:
        found = await venues.by_source(read, "osm", "way/1")
    assert found is not None
    assert found.name == "Bi Nuu"


async def test_what_was_asked_for_one_by_one_becomes_the_files(
    globe: Database, tmp_path: Path
) -> None:
    await keep(globe, venue("SO36 Club", 52.5, 13.4, source_id="node/1"))

    report = await take(globe, extract(tmp_path / "x.osm.pbf"))

    assert (report.added, report.changed) == (2, 1)


async def test_what_lies_before_the_fault_is_taken_and_said(
    database: Database, tmp_path: Path
) -> None:
    path = tmp_path / "venues.geojson"
    many = [feature(f"Hall {n}", **{"@id": f"node/{n}"}) for n in range(700)]
    path.write_text(collection(*many)[:-40])

    with pytest.raises(Invalid, match=r"cut off|isn't whole.*500 venues were taken") as caught:
        await take(database, path)

    assert "venues.geojson" in str(caught.value)
    assert await value(database, COUNT) == 500


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "neither GeoJSON nor"),
        (b"PK\x03\x04zip", "neither GeoJSON nor"),
        (b"\0\0\0\x0d\x0a\x09OSMHeader\x18\x7f", "can't be read as an extract"),
        (b'{"type": "FeatureCollection"}', "isn't GeoJSON of features"),
    ],
)
async def test_what_is_no_file_of_venues_is_said(
    database: Database, tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "odd"
    path.write_bytes(data)

    with pytest.raises(Invalid, match=said):
        await take(database, path)


async def test_a_reader_that_is_killed_is_no_end(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "endless"
    os.mkfifo(path)
    monkeypatch.setattr(importing, "_PROGRAM", "antigravity_that_is_not_there")

    with pytest.raises(Invalid, match="ended before its time"):
        await take(database, path)


@pytest.mark.slow
async def test_a_file_is_imported_by_hand(environ: dict[str, str], shared: Path) -> None:
    path = extract(shared / "x.osm.pbf")
    path.chmod(0)
    unreadable = await told(environ, "venues", "import", str(path))
    path.chmod(0o644)

    first = await told(environ, "venues", "import", str(path))
    again = await told(environ, "venues", "import", str(path))
    missing = await told(environ, "venues", "import", str(shared / "none"))
    folder = await told(environ, "venues", "import", str(shared))

    assert first[0] == 0, first[1]
    assert "Venues added: 3; changed: 0; as they were: 0." in first[1]
    assert "Left out: without a name: 1, without a place: 1." in first[1]
    assert "Reading venues" in first[1]
    assert "Venues added: 0; changed: 0; as they were: 3." in again[1]
    assert (unreadable[0], missing[0], folder[0]) == (1, 1, 1)
    assert "may not read it" in unreadable[1]
    assert "There is no file" in missing[1]
    assert "is no file" in folder[1]
