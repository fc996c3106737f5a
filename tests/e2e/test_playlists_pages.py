"""Playlists in the browser: made, ordered by keys, shared with somebody who adds, imported."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.browser import PATIENCE_MS
from tests.e2e.dragging import lift
from tests.e2e.test_journey import expect_to_advance, sign_up
from tests.e2e.test_listening_pages import fill_library
from tests.support import sounds
from tests.support.installation import Installation

SECONDS = 12

pytestmark = pytest.mark.audio


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("playlists")
    tone = sounds.tone(folder / "tone.wav", SECONDS)
    return [
        sounds.encoded(
            tone, folder / f"{title}.flac", "-metadata", f"title={title}", "-metadata", "artist=Ona"
        )
        for title in ("Alto", "Bass", "Cello")
    ]


def add_to_playlist(page: Page, title: str, playlist: str, *, is_new: bool = False) -> None:
    page.get_by_role("link", name="Library").first.click()
    page.get_by_role("button", name=f"Actions for {title}").click()
    page.get_by_role("menuitem", name="Add to playlist").click()
    dialog = page.get_by_role("dialog")
    if is_new:
        dialog.get_by_role("button", name="New playlist").click()
        page.get_by_label("Name").fill(playlist)
        page.get_by_role("button", name="Make playlist").click()
    else:
        dialog.get_by_role("button", name=playlist, exact=True).click()
    expect(page.get_by_text(f"Added “{title}” to “{playlist}”.").first).to_be_visible()


def open_playlist(page: Page, name: str) -> None:
    page.get_by_role("link", name="Library").first.click()
    page.get_by_role("link", name="Playlists").click()
    page.get_by_role("link", name=name).first.click()


def expect_order(page: Page, playlist: str, *titles: str) -> None:
    entries = page.get_by_role("list", name=f"What is in {playlist}").get_by_role("listitem")
    expect(entries).to_have_text([re.compile(title) for title in titles])


def to_the_front(page: Page, title: str) -> None:
    """Move the third of three entries by keys."""
    grip = page.get_by_role("button", name=f"Move {title}")
    lift(grip)
    for place in (2, 1):
        page.keyboard.press("ArrowUp")
        expect(page.get_by_text(f"{title} is over place {place} of 3.")).to_be_attached()
    with page.expect_response(re.compile("/move$")) as moved:
        page.keyboard.press("Space")
    assert moved.value.status == 204
    entries = page.get_by_role("list", name=re.compile("^What is in")).get_by_role("listitem")
    expect(entries.first).to_contain_text(title)


def test_a_playlist_is_made_and_ordered_by_keys(
    installation: Installation, page: Page, songs: list[Path]
) -> None:
    sign_up(page, installation, "orders@example.org")
    fill_library(page, songs)
    for song in songs:
        add_to_playlist(page, song.stem, "Van", is_new=song is songs[0])
    open_playlist(page, "Van")
    expect_order(page, "Van", "Alto", "Bass", "Cello")

    to_the_front(page, "Cello")
    page.get_by_text("Moved “Cello”.").locator("..").get_by_role("button", name="Undo").click()
    expect_order(page, "Van", "Alto", "Bass", "Cello")
    to_the_front(page, "Cello")
    page.reload()
    expect_order(page, "Van", "Cello", "Alto", "Bass")

    page.get_by_role("button", name="Actions for Alto").click()
    page.get_by_role("menuitem", name="Take out").click()
    expect_order(page, "Van", "Cello", "Bass")
    page.get_by_role("button", name="Undo").click()
    expect_order(page, "Van", "Cello", "Alto", "Bass")
    assert axe_findings(page, page.url) == []

    page.get_by_role("button", name="Play", exact=True).first.click()
    expect_to_advance(page)
    page.get_by_role("region", name="Player").get_by_role("link", name=re.compile("Cello")).click()
    ahead = page.get_by_role("region", name="Up next").get_by_role("listitem")
    expect(ahead).to_have_text([re.compile("Alto"), re.compile("Bass")])
    page.get_by_role("button", name="Actions for Alto, 1 in the queue").click()
    page.get_by_role("menuitem", name="Later").click()
    expect(ahead).to_have_text([re.compile("Bass"), re.compile("Alto")])
    page.get_by_role("button", name="Actions for Bass, 1 in the queue").click()
    page.get_by_role("menuitem", name="Take out").click()
    expect(ahead).to_have_text([re.compile("Alto")])


def test_a_second_person_adds_to_a_shared_playlist_and_hears_it(
    installation: Installation, browser: Browser, page: Page, songs: list[Path]
) -> None:
    sign_up(page, installation, "shares@example.org")
    fill_library(page, songs[:1])
    add_to_playlist(page, "Alto", "Ours", is_new=True)
    open_playlist(page, "Ours")
    page.get_by_role("button", name="Share").click()
    page.get_by_role("button", name="Make a link").click()
    link = page.get_by_role("dialog").locator("code").inner_text()
    assert axe_findings(page, page.url) == []
    page.keyboard.press("Escape")

    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(PATIENCE_MS)
    other = context.new_page()
    try:
        sign_up(other, installation, "adds@example.org")
        fill_library(other, songs[1:2])
        other.goto(link)
        other.get_by_role("button", name="Join").click()
        expect_order(other, "Ours", "Alto")
        add_to_playlist(other, "Bass", "Ours")
        open_playlist(other, "Ours")
        expect_order(other, "Ours", "Alto", "Bass")
        assert axe_findings(other, other.url) == []
        other.get_by_role("button", name="Play Alto").click()
        other.get_by_role("button", name="Pause Alto").wait_for()
        other.get_by_role("link", name=re.compile("Alto")).first.click()
        expect_to_advance(other)
    finally:
        context.close()
    # The owner's page hears of it by itself.
    expect_order(page, "Ours", "Alto", "Bass")


def test_a_file_of_another_program_becomes_a_playlist(
    installation: Installation, page: Page, songs: list[Path], tmp_path: Path
) -> None:
    sign_up(page, installation, "imports@example.org")
    fill_library(page, songs[:2])
    file = tmp_path / "van.m3u8"
    file.write_text(
        "#EXTM3U\n#PLAYLIST:Old van\n#EXTINF:12,Ona - Bass\n/old/b.mp3\n"
        "#EXTINF:200,Una - Never\n/old/never.mp3\n#EXTINF:12,Ona - Alto\n/old/a.mp3\n"
    )

    page.get_by_role("link", name="Playlists").click()
    page.get_by_role("button", name="Import").click()
    page.get_by_label("Playlist file").set_input_files(file)
    page.get_by_role("dialog").get_by_role("button", name="Import").click()
    expect(page.get_by_text("2 of 3 tracks are in it.")).to_be_visible()
    expect(page.get_by_text(re.compile("^Una . Never$"))).to_be_visible()
    page.get_by_role("link", name="Open it").click()
    expect_order(page, "Old van", "Bass", "Alto")

    with page.expect_download() as saved:
        page.get_by_role("button", name="Actions for Old van").click()
        page.get_by_role("menuitem", name="Save as M3U8").click()
    assert "#EXTINF:12,Ona - Bass\n" in Path(saved.value.path()).read_text("utf-8")
