"""Tracks that are there more than once, in the browser: compared, kept one of, brought back."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.test_journey import PREPARED_MS, sign_up
from tests.support import sounds
from tests.support.installation import Installation

pytestmark = pytest.mark.audio


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One sound with two names, and in another format."""
    folder = tmp_path_factory.mktemp("duplicates")
    tone = sounds.tone(folder / "tone.wav", 2, hz=523)
    plain = sounds.encoded(tone, folder / "plain.mp3", "-b:a", "96k")
    tags = ("-metadata", "title=Alto", "-metadata", "artist=Ona", "-metadata")
    for name in ("First", "Second"):
        album = f"album={name}"
        sounds.run("-i", str(plain), "-c", "copy", *tags, album, str(folder / f"{name}.mp3"))
    sounds.encoded(tone, folder / "Third.flac", *tags, "album=Third")
    return [folder / name for name in ("First.mp3", "Second.mp3", "Third.flac")]


def test_one_of_several_is_kept_and_that_is_undone(
    installation: Installation, page: Page, songs: list[Path]
) -> None:
    sign_up(page, installation, "twice@example.org")
    page.goto(f"{installation.url}/library/duplicates")
    expect(page.get_by_role("heading", name="No sound twice")).to_be_visible()
    page.get_by_role("link", name="Tracks", exact=True).click()
    page.get_by_label("Music files").first.set_input_files(songs)
    play = page.get_by_role("table").get_by_role("button", name="Play Alto")
    expect(play).to_have_count(3, timeout=PREPARED_MS)
    for n in range(3):
        expect(play.nth(n)).to_be_enabled(timeout=PREPARED_MS)
    page.get_by_role("link", name="Duplicates").click()
    group = page.get_by_role("article", name="Alto")
    expect(group.get_by_role("listitem")).to_have_count(2)
    expect(group.get_by_text("2 times")).to_be_visible()
    assert axe_findings(page, page.url) == []
    page.locator("label", has_text="Same song").click()
    expect(group.get_by_role("listitem")).to_have_count(3)
    expect(group.get_by_text("It is lossless.")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.set_viewport_size({"width": 1280, "height": 800})

    with page.expect_response("**/keep"):
        group.get_by_role("button", name="Keep this one: FLAC").click()

    expect(page.get_by_role("heading", name="No song twice")).to_be_visible()
    with page.expect_response("**/undo"):
        page.get_by_role("button", name="Undo").click()
    expect(group.get_by_role("listitem")).to_have_count(3)
