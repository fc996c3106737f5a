"""Folders with music in the browser: which are open, a scan, playing what lies there, a phone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.test_journey import expect_to_advance, sign_up
from tests.support import sounds
from tests.support.installation import Installation

pytestmark = pytest.mark.audio


def test_where_no_folder_is_open_the_page_names_the_setting(
    installation: Installation, page: Page
) -> None:
    sign_up(page, installation, "folders@example.org")
    page.goto(f"{installation.url}/library/folders")

    expect(page.get_by_role("heading", name="No folder is open")).to_be_visible()
    expect(page.get_by_text("BACKLINE_MUSIC_FOLDERS")).to_be_visible()
    assert axe_findings(page, page.url) == []


def test_a_folder_is_scanned_and_played(prepare: Callable[..., Installation], page: Page) -> None:
    installation = prepare()
    folder = installation.folder / "music"
    folder.mkdir()
    wav = sounds.tone(installation.folder / "tone.wav", 20)
    sounds.encoded(wav, folder / "song.flac", "-metadata", "title=Found", "-metadata", "artist=Ona")
    (folder / "page.mp3").write_text("<html>")
    installation.set(BACKLINE_MUSIC_FOLDERS=str(folder))
    installation.start()
    installation.wait_until_ready()
    sign_up(page, installation, "scans@example.org")
    page.get_by_role("link", name="Library").first.click()
    page.get_by_role("link", name="Folders").click()
    page.get_by_label("Folder on the server").fill("/etc")
    page.get_by_role("button", name="Scan", exact=True).click()
    expect(page.get_by_text("isn't open to scans")).to_be_visible()

    page.get_by_label("Folder on the server").fill(str(folder))
    page.get_by_role("button", name="Scan", exact=True).click()

    card = page.get_by_role("article")
    expect(card.get_by_text("Done")).to_be_visible(timeout=60_000)
    expect(card.get_by_text("2 of 2 files")).to_be_visible()
    expect(card.get_by_text("1 track in your library")).to_be_visible()
    card.get_by_role("button", name="1 failed").click()
    expect(card.get_by_text("page.mp3")).to_be_visible()
    assert axe_findings(page, page.url) == []
    page.set_viewport_size({"width": 390, "height": 844})
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
    page.set_viewport_size({"width": 1280, "height": 800})

    page.get_by_role("link", name="Tracks", exact=True).click()
    page.get_by_role("button", name="Play Found").first.click()
    expect_to_advance(page)

    page.get_by_role("link", name="Folders").click()
    card.get_by_role("button", name="Take out").click()
    page.get_by_role("dialog").get_by_role("button", name="Take out").click()
    expect(page.get_by_role("heading", name="No folders yet")).to_be_visible()
    assert (folder / "song.flac").is_file()
