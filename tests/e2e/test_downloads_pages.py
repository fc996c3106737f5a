"""Music saved on one's own disk by a browser, with names of people."""

import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.test_journey import PREPARED_MS, sign_up
from tests.support import sounds
from tests.support.installation import Installation

pytestmark = pytest.mark.audio


def test_a_track_and_its_album_are_saved(
    installation: Installation, page: Page, tmp_path: Path
) -> None:
    tags = ("title=What/ever?", "artist=Ona", "album=Sky", "track=2")
    said = [word for tag in tags for word in ("-metadata", tag)]
    song = sounds.encoded(sounds.tone(tmp_path / "tone.wav", 1), tmp_path / "x.flac", *said)
    sign_up(page, installation, "saves@example.org")
    page.get_by_label("Music files").first.set_input_files(song)
    page.get_by_role("link", name="Library").first.click()
    play = page.get_by_role("table").get_by_role("button", name="Play What/ever?")
    expect(play).to_be_enabled(timeout=PREPARED_MS)
    page.get_by_role("table").get_by_role("link", name="What/ever?").click()
    button = page.get_by_role("button", name="Download", exact=True)
    expect(button).to_be_visible()
    assert axe_findings(page, page.url) == []

    with page.expect_download() as single:
        button.click()
    with page.expect_download() as album:
        page.get_by_role("button", name="Download the album").click()

    assert single.value.suggested_filename == "Ona - What_ever_.flac"
    assert Path(single.value.path()).read_bytes() == song.read_bytes()
    expect(page.get_by_text("comes as a ZIP: 1 track")).to_be_visible()
    assert album.value.suggested_filename == "Ona - Sky.zip"
    with zipfile.ZipFile(album.value.path()) as archive:
        assert archive.namelist() == ["Ona - Sky/02 What_ever_.flac"]
        assert archive.read(archive.namelist()[0]) == song.read_bytes()
