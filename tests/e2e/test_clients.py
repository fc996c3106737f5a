"""Programs of others that know Subsonic: each asks all that it knows of, as its users would.

They run in processes of their own, since they leave sockets behind.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.support import sounds
from tests.support.installation import Installation
from tests.support.library import until_prepared, upload
from tests.support.tree import ROOT

pytestmark = pytest.mark.audio
SONGS = 3
TOUR_S = 120
TOURS = Path(__file__).parent / "clients"
SUBSONIC_API = ROOT / "web/node_modules/subsonic-api/lib/index.js"


class Library:
    """Somebody's album by The Lamps, and an app password of theirs."""

    def __init__(self, installation: Installation, client: httpx.Client, folder: Path) -> None:
        self.port = installation.port
        made = [upload(client, sounds.tone(folder / f"{n}.wav", 3 + n))["id"] for n in range(SONGS)]
        for number, track_id in enumerate(made, 1):
            until_prepared(client, track_id)
            said = {"title": f"Song {number}", "track_number": number, "genre": "Rock"}
            said |= {"artist": "The Lamps", "album": "First Light", "album_artist": "The Lamps"}
            answer = client.patch(f"/tracks/{track_id}", json={**said, "year": 1999})
            answer.raise_for_status()
        form = {"name": "Tour", "scopes": ["audio:read", "audio:write"]}
        answer = client.post("/users/me/app-passwords", json=form).raise_for_status()
        self.password = answer.json()["password"]
        self.name = client.get("/users/me").json()["email"]


@pytest.fixture(scope="module")
def library(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Library]:
    """One for all clients, who leave it as it was."""
    with installation.add_user() as client:
        yield Library(installation, client, tmp_path_factory.mktemp("songs"))


@pytest.mark.parametrize("name", ["opensonic", "connector"])
def test_programs_in_python(library: Library, name: str) -> None:
    tour(library, sys.executable, TOURS / f"tour_{name}.py")


def test_programs_in_javascript(library: Library) -> None:
    node = shutil.which("node")
    if node is None or not SUBSONIC_API.exists():
        pytest.skip("subsonic-api isn't here: run `npm ci` in web/")
    tour(library, node, TOURS / "tour_api.mjs", str(SUBSONIC_API))


def tour(library: Library, program: str, script: Path, *rest: str) -> None:
    """Have a program ask for everything; it ends with 0 when all was as it should be."""
    command = [program, script, str(library.port), library.name, library.password, *rest]
    done = subprocess.run(command, capture_output=True, text=True, timeout=TOUR_S, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4_000:]
