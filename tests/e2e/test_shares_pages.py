"""Music shared by a link in the browser: made, heard by somebody without an account, revoked."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.browser import PATIENCE_MS
from tests.e2e.test_journey import expect_to_advance, sign_up
from tests.e2e.test_listening_pages import fill_library
from tests.support import sounds
from tests.support.installation import Installation

SECONDS = 12
ENDED = "This link has ended"

pytestmark = pytest.mark.audio


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("shares")
    tone = sounds.tone(folder / "tone.wav", SECONDS)
    tags = ("-metadata", "artist=Ona", "-metadata", "album=Sky", "-metadata")
    return [
        sounds.encoded(tone, folder / f"{title}.flac", *tags, f"title={title}")
        for title in ("Alto", "Bass")
    ]


def test_an_album_is_heard_by_a_visitor_until_its_link_is_revoked(
    installation: Installation, browser: Browser, page: Page, songs: list[Path]
) -> None:
    sign_up(page, installation, "gives@example.org")
    fill_library(page, songs)
    page.get_by_role("table").get_by_role("link", name="Alto").click()
    page.get_by_role("button", name="Share").click()
    page.get_by_label("What to share").select_option(label="The whole album “Sky”")
    page.get_by_label("A word to whoever opens it").fill("Rough mix")
    page.get_by_role("button", name="Make the link").click()
    link = page.get_by_role("dialog").locator("code").inner_text()
    assert axe_findings(page, page.url) == []
    page.keyboard.press("Escape")

    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(PATIENCE_MS)
    visitor = context.new_page()
    asked: list[str] = []
    visitor.on("request", lambda request: asked.append(request.url))
    try:
        visitor.goto(link)
        visitor.get_by_role("heading", name="Sky").wait_for()
        expect(visitor.get_by_text("Rough mix")).to_be_visible()
        expect(
            visitor.get_by_role("list", name="What is in Sky").get_by_role("listitem")
        ).to_have_text([re.compile("Alto"), re.compile("Bass")])
        visitor.get_by_role("button", name="Play Bass").click()
        visitor.get_by_role("button", name="Pause Bass").wait_for()
        expect_to_advance(visitor)
        assert axe_findings(visitor, visitor.url) == []
        token = link.partition("#")[2]
        assert [url for url in asked if token in url.partition("#")[0]] == []

        page.get_by_role("link", name="Library").first.click()
        page.get_by_role("link", name="Shared links").click()
        row = page.get_by_role("list", name="Your links").get_by_role("listitem")
        expect(row).to_contain_text("Opened once")
        assert axe_findings(page, page.url) == []
        page.get_by_role("button", name="Revoke the link to “Sky”").click()
        expect(page.get_by_text("Nothing shared by a link")).to_be_visible()
        visitor.reload()
        visitor.get_by_role("heading", name=ENDED).wait_for()
        assert axe_findings(visitor, visitor.url) == []

        page.get_by_role("button", name="Undo").click()
        expect(row).to_have_count(1)
        visitor.reload()
        visitor.get_by_role("heading", name="Sky").wait_for()
    finally:
        context.close()
