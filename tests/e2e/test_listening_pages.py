"""What a person thinks of their music and has played, in the browser: wide and on a phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.test_journey import PREPARED_MS, expect_to_advance, sign_up
from tests.support import sounds
from tests.support.installation import Installation

SECONDS = 20

pytestmark = pytest.mark.audio


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("listening")
    tone = sounds.tone(folder / "tone.wav", SECONDS)
    return [
        sounds.encoded(
            tone, folder / f"{title}.flac", "-metadata", f"title={title}", "-metadata", "artist=Ona"
        )
        for title in ("Alto", "Bass")
    ]


def fill_library(page: Page, songs: list[Path]) -> None:
    page.get_by_label("Music files").first.set_input_files(songs)
    page.get_by_role("link", name="Library").first.click()
    for song in songs:
        play = page.get_by_role("button", name=f"Play {song.stem}").first
        expect(play).to_be_enabled(timeout=PREPARED_MS)


def heart(page: Page, title: str) -> Locator:
    return page.get_by_role("table").get_by_role("button", name=f"Favourite: {title}")


def test_a_favourite_taken_back_at_once_stays_taken_back(
    installation: Installation, page: Page, songs: list[Path]
) -> None:
    """The second change waits for the first one's answer, however long that takes."""
    sign_up(page, installation, "hesitates@example.org")
    fill_library(page, songs)
    held: list[Route] = []
    sent: list[str] = []

    def hold(route: Route) -> None:
        sent.append(route.request.method)
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/api/v1/favorites/*", hold)
    page.get_by_role("row", name=re.compile("Alto")).focus()
    page.keyboard.press("f")
    expect(heart(page, "Alto")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("f")
    expect(heart(page, "Alto")).to_have_attribute("aria-pressed", "false")
    assert sent == ["PUT"]
    with page.expect_response(lambda answer: answer.request.method == "DELETE"):
        held[0].continue_()
    assert sent == ["PUT", "DELETE"]
    page.reload()
    expect(heart(page, "Alto")).to_have_attribute("aria-pressed", "false")


def test_favourites_and_ratings_stay(
    installation: Installation, page: Page, songs: list[Path]
) -> None:
    sign_up(page, installation, "likes@example.org")
    fill_library(page, songs)

    heart(page, "Bass").click()
    expect(heart(page, "Bass")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("row", name=re.compile("Alto")).focus()
    page.keyboard.press("f")
    expect(heart(page, "Alto")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("f")
    expect(heart(page, "Alto")).to_have_attribute("aria-pressed", "false")
    page.get_by_role("button", name="Favourites").click()
    expect(heart(page, "Alto")).to_have_count(0)
    page.reload()
    expect(heart(page, "Bass")).to_have_attribute("aria-pressed", "true")
    assert axe_findings(page, page.url) == []

    page.get_by_role("link", name="Bass").first.click()
    four = page.get_by_role("radio", name="4 stars")
    page.locator("label").filter(has=four).click()
    expect(four).to_be_checked()
    page.locator("label").filter(has=four).click()
    expect(four).not_to_be_checked()
    page.get_by_role("radio", name="3 stars").focus()
    with page.expect_response(re.compile("/rating$")):
        page.keyboard.press("ArrowRight")
    expect(four).to_be_checked()
    page.get_by_role("link", name="Library").first.click()
    page.get_by_label("Sort").select_option("Best rated")
    expect(page.get_by_role("link", name="Bass").first).to_be_visible()
    expect(page.get_by_role("link", name="Alto")).to_have_count(0)


def test_a_favourite_that_the_server_refuses_is_taken_back_with_a_reason(
    installation: Installation, page: Page, songs: list[Path]
) -> None:
    sign_up(page, installation, "refused@example.org")
    fill_library(page, songs[:1])

    page.route(re.compile("/api/v1/favorites/"), lambda route: route.fulfill(status=503, body="{}"))
    heart(page, "Alto").click()

    expect(page.get_by_text("“Alto” isn't a favourite.")).to_be_visible()
    expect(heart(page, "Alto")).to_have_attribute("aria-pressed", "false")


def test_a_play_counts_once_and_the_history_can_be_cleared(
    installation: Installation, phone: Page, songs: list[Path]
) -> None:
    page = phone
    sign_up(page, installation, "plays@example.org")
    fill_library(page, songs[:1])

    with page.expect_response("**/api/v1/plays") as told:
        page.get_by_role("button", name="Play Alto").first.click()
    assert told.value.json() == {"counts": True}
    again: list[str] = []
    page.on("request", lambda request: again.extend([request.url] * ("/plays" in request.url)))
    page.goto(f"{installation.url}/library/history")
    expect(page.get_by_role("link", name="Alto")).to_have_count(1)
    assert axe_findings(page, page.url) == []
    page.get_by_role("link", name="Alto").click()
    expect(page.get_by_text(re.compile("^Once, last"))).to_be_visible()
    assert again == []

    page.goto(f"{installation.url}/library/history")
    page.get_by_role("button", name="Clear history").click()
    page.get_by_role("dialog").get_by_role("button", name="Clear history").click()
    expect(page.get_by_text("Nothing played yet")).to_be_visible()


def test_a_play_that_couldnt_be_told_is_told_later(
    installation: Installation, page: Page, songs: list[Path]
) -> None:
    sign_up(page, installation, "later@example.org")
    fill_library(page, songs[:1])

    page.route("**/api/v1/plays", lambda route: route.abort())
    with page.expect_event("requestfailed", lambda request: "/plays" in request.url):
        page.get_by_role("button", name="Play Alto").first.click()
        expect_to_advance(page)
    page.unroute("**/api/v1/plays")
    with page.expect_response("**/api/v1/plays") as told:
        page.reload()

    assert told.value.json() == {"counts": True}
