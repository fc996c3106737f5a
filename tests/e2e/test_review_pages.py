"""Reviews in the browser: decided by keyboard, taken back, said by hand; what fails rolls back."""

import re
from datetime import date, datetime

import httpx
import pytest
from playwright.sync_api import Page, Route, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.test_photos_pages import enter
from tests.support.installation import Installation, wait_for
from tests.support.reviewing import Night, candidate, reviews

pytestmark = pytest.mark.concerts
PATH = "/concerts/review"


def fill(installation: Installation, user: httpx.Client, count: int = 3) -> list[str]:
    """Sessions of as many days, the latest first, as they are shown."""
    nights = [
        Night(
            datetime(2024, 5, n, 20, 5),  # noqa: DTZ001  # wall time
            [
                candidate(f"Band {n}", held_on=date(2024, 5, n), confidence=0.71, opener="Opener"),
                candidate(f"Other {n}", held_on=date(2024, 5, n), confidence=0.4, venue="Lido"),
            ],
        )
        for n in range(1, count + 1)
    ]
    return reviews(installation, user, nights, seed=700)[::-1]


def state(user: httpx.Client, review_id: str) -> str:
    """What became of it."""
    return user.get(f"/concerts/reviews/{review_id}").raise_for_status().json()["state"]


def all_matched(user: httpx.Client, *review_ids: str) -> None:
    """The server has taken what the page shows at once."""
    wait_for(lambda: all(state(user, one) == "matched" for one in review_ids), "decisions")


def day(page: Page, name: str) -> None:
    """The session of that day is shown."""
    expect(page.get_by_role("heading", name=name, level=2)).to_be_visible()


def left(page: Page, count: int) -> None:
    """So many are left."""
    expect(page.get_by_text(re.compile(rf"^{count} left$"))).to_be_visible()


def test_reviews_are_worked_through_by_keyboard(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    third, second, first = fill(installation, user)
    enter(page, installation, user, PATH)
    day(page, "Friday, 3 May 2024")
    left(page, 3)
    expect(page.get_by_text("Likely, 71 %")).to_be_visible()
    expect(page.get_by_text("Taken 40 m from Astra Kulturhaus.").first).to_be_visible()

    page.keyboard.press("2")
    day(page, "Thursday, 2 May 2024")
    left(page, 2)
    expect(page.get_by_text("2 photos: Other 3")).to_be_visible()
    page.keyboard.press("s")
    day(page, "Wednesday, 1 May 2024")
    page.keyboard.press("n")
    day(page, "Thursday, 2 May 2024")
    expect(page.get_by_text("2 photos: No concert")).to_be_visible()
    left(page, 1)

    page.keyboard.press("u")
    day(page, "Wednesday, 1 May 2024")
    left(page, 2)
    page.keyboard.press("1")
    day(page, "Thursday, 2 May 2024")
    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="All decided")).to_be_visible()

    expect(page.get_by_text("2 photos: Band 2")).to_be_visible()
    all_matched(user, first, second, third)
    page.reload()
    expect(page.get_by_role("heading", name="Nothing to decide")).to_be_visible()
    matching = page.get_by_role("region", name="Matching")
    matching.get_by_role("button", name="Match now").press("Enter")
    expect(matching.get_by_text("All photos are looked through")).to_be_visible()
    assert user.get("/concerts/matching").json()["matched_at"] is not None
    seen = user.get("/concerts").json()["items"]
    tops = [[one["name"] for one in each["bill"]][-1] for each in seen]
    assert tops == ["Other 3", "Band 2", "Band 1"]


def test_what_fails_comes_back_with_its_reason(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    second, first = fill(installation, user, 2)
    enter(page, installation, user, PATH)
    day(page, "Thursday, 2 May 2024")

    def fail(route: Route) -> None:
        body = '{"title": "Down", "detail": "The server is being mended."}'
        route.fulfill(status=503, content_type="application/problem+json", body=body)

    page.route(re.compile(r"/reviews/[^/]+/accept$"), fail)
    page.keyboard.press("1")

    expect(page.get_by_text("wait again. The server is being mended.")).to_be_visible()
    day(page, "Wednesday, 1 May 2024")
    left(page, 2)
    assert (state(user, second), state(user, first)) == ("review", "review")
    page.unroute(re.compile(r"/reviews/[^/]+/accept$"))
    page.keyboard.press("1")
    day(page, "Thursday, 2 May 2024")
    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="All decided")).to_be_visible()
    all_matched(user, first, second)


def test_it_is_said_by_hand_or_was_of_the_history(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    second, first = fill(installation, user, 2)
    known = {"held_on": "2024-05-01", "bill": [{"name": "Low", "headliner": True}]}
    known_id = user.post("/concerts", json=known).raise_for_status().json()["id"]
    enter(page, installation, user, PATH)
    day(page, "Thursday, 2 May 2024")

    page.keyboard.press("/")
    box = page.get_by_role("combobox", name="Concert, venue or artist")
    expect(box).to_be_focused()
    assert axe_findings(page) == []
    box.fill("Sleater-Kinney")
    expect(page.get_by_role("option", name="Sleater-Kinney").first).to_be_visible()
    box.press("Enter")
    box.fill("Lido")
    page.get_by_role("option", name="Lido, Berlin, Germany").click()
    page.get_by_role("button", name="It was this").click()
    day(page, "Wednesday, 1 May 2024")
    made = user.get(f"/concerts/{user.get(f'/concerts/reviews/{second}').json()['concert_id']}")
    found = made.raise_for_status().json()
    assert (found["held_on"], found["venue"]["name"]) == ("2024-05-02", "Lido")
    assert [one["name"] for one in found["bill"]] == ["Sleater-Kinney"]

    page.keyboard.press("/")
    page.get_by_role("option", name=re.compile("^Low")).click()
    expect(page.get_by_role("heading", name="All decided")).to_be_visible()
    expect(page.get_by_text("2 photos: Low")).to_be_visible()
    all_matched(user, first)
    assert user.get(f"/concerts/reviews/{first}").json()["concert_id"] == known_id


def test_reviews_are_for_everybody_and_for_phones(
    installation: Installation, phone: Page, user: httpx.Client
) -> None:
    fill(installation, user, 2)
    enter(phone, installation, user, PATH)
    day(phone, "Thursday, 2 May 2024")
    wide = phone.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide, "it scrolls sideways"
    assert axe_findings(phone) == []

    phone.get_by_role("button", name="It was Band 2").tap()
    day(phone, "Wednesday, 1 May 2024")
    phone.get_by_role("button", name="Undo").tap()
    day(phone, "Thursday, 2 May 2024")
    phone.get_by_role("button", name="Not a concert").tap()
    day(phone, "Wednesday, 1 May 2024")
    phone.get_by_role("button", name="Not a concert").tap()
    expect(phone.get_by_role("heading", name="All decided")).to_be_visible()
    assert axe_findings(phone) == []
