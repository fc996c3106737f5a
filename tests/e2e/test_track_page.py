"""What a track's page says of its file, and its words: written, followed, jumped to."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.test_journey import PREPARED_MS, expect_to_advance, sign_up, slider_value
from tests.support import sounds
from tests.support.installation import Installation

SECONDS = 90
LRC = "[00:00.50]First line\n[00:02.00]Second line\n[00:40.00]Last line"

pytestmark = pytest.mark.audio


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that breaks off."""
    folder = tmp_path_factory.mktemp("track-page")
    tone = sounds.tone(folder / "tone.wav", SECONDS)
    song = sounds.encoded(tone, folder / "song.flac", "-metadata", "title=Night drive")
    os.truncate(song, song.stat().st_size * 2 // 3)
    return song


def test_a_track_s_page_tells_of_its_file_and_has_its_words(
    installation: Installation, page: Page, cut: Path
) -> None:
    sign_up(page, installation, "words@example.org")
    page.get_by_label("Music files").first.set_input_files(cut)
    page.get_by_role("link", name="Library").first.click()
    play = page.get_by_role("button", name="Play Night drive").first
    expect(play).to_be_enabled(timeout=PREPARED_MS)
    page.get_by_role("link", name="Night drive").first.click()

    expect(page.get_by_text("it says 1 min 30 s, but only")).to_be_visible()
    page.get_by_role("button", name="Add lyrics").click()
    page.get_by_role("textbox", name="Lyrics").fill(LRC)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    expect(page.get_by_text("Second line")).to_be_visible()

    page.get_by_role("button", name="Play Night drive").first.click()
    expect_to_advance(page)
    expect(page.get_by_role("button", name="Second line")).to_have_attribute("aria-current", "true")
    page.get_by_role("button", name="Last line").click()
    expect(page.get_by_role("button", name="Last line")).to_have_attribute("aria-current", "true")
    assert slider_value(page) >= 40
    assert axe_findings(page, page.url) == []


def test_there_is_something_to_hear_before_anything_is_known(
    installation: Installation, page: Page, cut: Path
) -> None:
    sign_up(page, installation, "discover@example.org")
    page.goto(f"{installation.url}/library/discover")
    expect(page.get_by_role("heading", name="Nothing to discover yet")).to_be_visible()
    page.get_by_role("link", name="Tracks", exact=True).click()
    page.get_by_label("Music files").first.set_input_files(cut)
    play = page.get_by_role("button", name="Play Night drive").first
    expect(play).to_be_enabled(timeout=PREPARED_MS)

    page.get_by_role("link", name="Discover", exact=True).click()

    shelf = page.get_by_role("region", name="Never heard yet")
    expect(shelf.get_by_role("link", name="Night drive")).to_be_visible()
    assert axe_findings(page, page.url) == []
    shelf.get_by_role("link", name="Night drive").click()
    expect(page.get_by_text("Nothing is like it yet")).to_be_visible()
    page.get_by_role("button", name="Start radio").click()
    expect_to_advance(page)
