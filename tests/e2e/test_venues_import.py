"""`backline concerts venues import` beside a running installation, whole and killed half-way."""

import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.concerts.gazetteer.maps import collection, extract, feature
from tests.support.care import backline, begin
from tests.support.installation import Installation, wait_for

pytestmark = [pytest.mark.concerts]
COUNT = 30_000


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that the service's user may read, too."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


def names(client: httpx.Client, text: str) -> list[str]:
    found = client.get("/venues", params={"q": text}).raise_for_status().json()["items"]
    return [one["name"] for one in found]


def test_venues_are_there_at_once(
    installation: Installation, user: httpx.Client, shared: Path
) -> None:
    path = shared / "venues.geojson"
    path.write_text(collection(feature("Columbiahalle", alt_name="C-Halle")))
    path.chmod(0o644)
    before = names(user, "c halle")

    done = backline("concerts", "venues", "import", path, "--data", installation.data)

    assert done.returncode == 0, done.stderr
    assert "Venues added: 1" in done.stdout
    assert before == []
    wait_for(lambda: names(user, "c halle") == ["Columbiahalle"], "the venue to be offered")


@pytest.mark.chaos
def test_an_import_that_was_killed_is_taken_up_again(
    installation: Installation, user: httpx.Client, shared: Path
) -> None:
    path = extract(shared / "x.osm.pbf", nodes=COUNT)
    path.chmod(0o644)
    command = "concerts", "venues", "import", path, "--data", installation.data

    killed = begin(*command)
    wait_for(lambda: names(user, "club 17") != [], "the first venues", limit_s=120)
    killed.kill()
    assert killed.wait() == -9
    wait_for(lambda: not _readers(path), "what reads the file to end")
    done = backline(*command)

    assert done.returncode == 0, done.stderr
    counts = re.search(r"added: ([\d,]+); changed: 0; as they were: ([\d,]+)", done.stdout)
    assert counts is not None, done.stdout
    added, same = (int(one.replace(",", "")) for one in counts.groups())
    assert added + same == COUNT + 3
    assert same > 0


def _readers(path: Path) -> list[psutil.Process]:
    return [
        one for one in psutil.process_iter(["cmdline"]) if str(path) in (one.info["cmdline"] or [])
    ]
