"""The made-up Drive at an address of ours: where it is, what it asks, and where it leads."""

from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from backline.concerts.demo.catalogue import DRIVE_NIGHTS
from backline.concerts.demo.services.drive_account import METADATA
from backline.concerts.services import sample_drive_folder
from tests.support.api import Api, serving_api
from tests.support.photos import jpeg, write
from tests.support.things import Person

pytestmark = pytest.mark.slow
AUTH, LIST = "/sample-drive/o/oauth2/v2/auth", "/sample-drive/drive/v3/files"


@pytest.fixture
async def api(dsn: str, tmp_path: Path) -> AsyncIterator[Api]:
    async with serving_api(dsn, tmp_path, quiet=True, BACKLINE_GOOGLE_URL="sample") as opened:
        yield opened


async def test_it_is_agreed_to_on_a_page_and_lists_what_was_painted(api: Api) -> None:
    ada = Person(api, "ada@example.org")
    await ada.sign_in()
    url = urlsplit((await ada.post("/photos/drive/consent")).json()["url"])
    asked = {name: texts[0] for name, texts in parse_qs(url.query).items()}
    folder = sample_drive_folder(api.platform.settings)
    async with api.client() as browser:
        early = await browser.get(AUTH, params=asked)
        for night in DRIVE_NIGHTS:
            for n in range(night.count):
                place = f"2025-01-01 {night.name}/IMG_{n}.jpg"
                write(folder / place, jpeg(seed=n, width=64, height=48))
        page = await browser.get(AUTH, params=asked)
        refused = await browser.get(AUTH, params=asked | {"answer": "no"})
        agreed = await browser.get(AUTH, params=asked | {"answer": "yes"})
        elsewhere = asked | {"redirect_uri": "https://example.org/", "answer": "no"}
        astray = await browser.get(AUTH, params=elsewhere)
        nobody = await browser.get(LIST)

    assert url.path == AUTH
    assert (early.status_code, page.status_code, astray.status_code) == (503, 200, 400)
    assert "see names, times and places" in page.text
    assert "error=access_denied" in refused.headers["location"]
    back = parse_qs(urlsplit(agreed.headers["location"]).query)
    assert (back["state"], back["scope"]) == ([asked["state"]], [METADATA])
    assert nobody.status_code == 401


async def test_without_being_wanted_it_isnt_there(dsn: str, tmp_path: Path) -> None:
    async with serving_api(dsn, tmp_path, quiet=True) as api, api.client() as browser:
        assert (await browser.get(AUTH)).status_code == 404
