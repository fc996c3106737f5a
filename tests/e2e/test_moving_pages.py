"""Photos moved between concerts in the browser: by pointer, by keys, by finger; and undone."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.test_concerts_pages import LIDO, PARADISO, enter, fail, make
from tests.support.installation import Installation
from tests.support.photos import jpeg, write

pytestmark = pytest.mark.concerts


def with_photos(user: httpx.Client, folder: Path, concert_id: str, count: int) -> None:
    """Photos of a concert, called `0.jpg` and on, in the order in which they were taken."""
    ids: list[str] = []
    for n in range(count):
        path = write(folder / f"{n}.jpg", jpeg(seed=n, taken=f"2024:07:06 21:{n:02}:00"))
        with path.open("rb") as file:
            ids.append(user.post("/photos", files={"file": file}).raise_for_status().json()["id"])
    form = {"photo_ids": ids}
    user.post(f"/concerts/{concert_id}/photos", json=form).raise_for_status()


def tile(page: Page, n: int) -> Locator:
    return page.get_by_role("checkbox", name=re.compile(f"^{n}.jpg"))


def found(page: Page) -> None:
    """What is offered was found by the words in the box."""
    offered = page.get_by_role("listbox", name="Found")
    expect(offered).to_have_attribute("aria-busy", "false")


def names(user: httpx.Client, concert_id: str) -> list[str]:
    items = user.get(f"/concerts/{concert_id}/photos").raise_for_status().json()["items"]
    return sorted(one["filename"] for one in items)


def test_selected_photos_go_to_another_concert_and_back(
    installation: Installation, page: Page, user: httpx.Client, tmp_path: Path
) -> None:
    wrong = make(user, "2024-07-06", "Dusk", venue=LIDO)
    right = make(user, "2024-07-05", "The Lumens", venue=PARADISO)
    make(user, "2011-01-01", "Long Ago")
    with_photos(user, tmp_path, wrong["id"], 5)
    enter(page, installation, user, f"/concerts/{wrong['id']}")
    page.get_by_role("button", name="Select", exact=True).click()
    tile(page, 1).click()
    tile(page, 3).click(modifiers=["Shift"])
    expect(page.get_by_text("3 photos selected")).to_be_visible()
    tile(page, 2).click()
    page.get_by_role("button", name="Move to…").click()
    dialog = page.get_by_role("dialog", name="Move 2 photos to…")
    first = dialog.get_by_role("option").first
    expect(first).to_contain_text("The Lumens")
    expect(dialog.get_by_role("option")).to_have_count(4)
    assert axe_findings(page) == []
    first.click()

    expect(page.get_by_text("Moved 2 photos to “The Lumens”.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(r"\d.jpg"))).to_have_count(3)
    expect(page.get_by_text("3 photos", exact=True)).to_be_visible()
    assert names(user, right["id"]) == ["1.jpg", "3.jpg"]
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("2 photos went back.")).to_be_visible()
    expect(page.get_by_role("link", name=re.compile(r"\d.jpg"))).to_have_count(5)
    assert names(user, right["id"]) == []


def test_the_keyboard_is_enough(
    installation: Installation, page: Page, user: httpx.Client, tmp_path: Path
) -> None:
    wrong = make(user, "2024-07-06", "Dusk", venue=LIDO)
    old = make(user, "2011-01-01", "Long Ago", venue=PARADISO)
    for n in range(1, 22):
        make(user, f"2024-06-{n:02}", f"Band {n}")
    with_photos(user, tmp_path, wrong["id"], 3)
    enter(page, installation, user, f"/concerts/{wrong['id']}")
    page.get_by_role("link", name=re.compile("^0.jpg")).focus()
    page.keyboard.press("x")
    expect(tile(page, 0)).to_be_checked()
    expect(tile(page, 0)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_text("2 photos selected")).to_be_visible()
    page.keyboard.press("v")
    page.keyboard.type("long")
    found(page)
    expect(page.get_by_role("option").first).to_contain_text("Long Ago")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Moved 2 photos to “Long Ago”.")).to_be_visible()
    assert names(user, old["id"]) == ["0.jpg", "1.jpg"]
    page.get_by_role("link", name=re.compile("^2.jpg")).focus()
    page.keyboard.press("x")
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=re.compile("^2.jpg"))).to_be_visible()


def test_enter_takes_nothing_that_was_not_found_by_the_words(
    installation: Installation, page: Page, user: httpx.Client, tmp_path: Path
) -> None:
    wrong = make(user, "2024-07-06", "Dusk", venue=LIDO)
    near = make(user, "2024-07-05", "The Lumens", venue=PARADISO)
    make(user, "2011-01-01", "Long Ago")
    with_photos(user, tmp_path, wrong["id"], 1)
    enter(page, installation, user, f"/concerts/{wrong['id']}")
    page.get_by_role("link", name=re.compile("^0.jpg")).focus()
    page.keyboard.press("x")
    page.keyboard.press("v")
    expect(page.get_by_role("option").first).to_contain_text("The Lumens")
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route(re.compile(r"/concerts\?.*q=long"), hold)
    page.get_by_role("combobox", name="Concert").fill("long")
    page.keyboard.press("Enter")
    expect(page.get_by_role("listbox", name="Found")).to_have_attribute("aria-busy", "true")
    expect(page.get_by_role("dialog", name="Move 1 photo to…")).to_be_visible()
    assert (names(user, near["id"]), names(user, wrong["id"])) == ([], ["0.jpg"])
    page.unroute(re.compile(r"/concerts\?.*q=long"))


def test_what_fails_is_told_where_it_was_asked(
    installation: Installation, page: Page, user: httpx.Client, tmp_path: Path
) -> None:
    concert = make(user, "2024-07-06", "Dusk")
    with_photos(user, tmp_path, concert["id"], 1)
    enter(page, installation, user, f"/concerts/{concert['id']}")
    page.get_by_role("button", name="Select", exact=True).click()
    page.get_by_role("button", name="All", exact=True).click()
    page.get_by_role("button", name="Move to…").click()
    page.route("**/api/v1/concerts/moves", fail)
    page.get_by_role("option", name="No concert").click()
    expect(page.get_by_role("dialog")).to_contain_text("Try again in a minute.")
    page.unroute("**/api/v1/concerts/moves")
    page.get_by_role("option", name="No concert").click()

    expect(page.get_by_text("Took 1 photo out of the concert.")).to_be_visible()
    expect(page.get_by_text("look at the photos of that day")).to_be_visible()
    assert names(user, concert["id"]) == []


def test_on_a_phone_a_whole_concert_becomes_a_new_one_and_a_large_photo_goes_back(
    installation: Installation, phone: Page, user: httpx.Client, tmp_path: Path
) -> None:
    concert = make(user, "2024-07-06", "Dusk")
    with_photos(user, tmp_path, concert["id"], 4)
    enter(phone, installation, user, f"/concerts/{concert['id']}")
    phone.get_by_role("button", name="Select", exact=True).tap()
    phone.get_by_role("button", name="All", exact=True).tap()
    expect(phone.get_by_text("4 photos selected")).to_be_visible()
    assert axe_findings(phone) == []
    phone.get_by_role("button", name="Move to…").tap()
    assert axe_findings(phone) == []
    assert not phone.evaluate("document.documentElement.scrollWidth > innerWidth")
    phone.get_by_role("option", name="A new concert…").tap()
    form = phone.get_by_role("dialog")
    expect(form.get_by_label("Day")).to_have_value("2024-07-06")
    form.get_by_role("combobox", name="Artist 1").fill("The Lumens")
    form.get_by_role("button", name="Add", exact=True).tap()
    expect(phone.get_by_text("Moved 4 photos to “The Lumens”.")).to_be_visible()
    [made] = user.get("/concerts?q=lumens").json()["items"]
    assert (made["photo_count"], names(user, concert["id"])) == (4, [])

    phone.goto(f"{installation.url}/concerts/{made['id']}")
    phone.get_by_role("link", name=re.compile("^0.jpg")).tap()
    expect(phone.get_by_role("link", name="The Lumens")).to_be_visible()
    assert not phone.evaluate("document.documentElement.scrollWidth > innerWidth")
    phone.get_by_role("button", name="Move to a concert").tap()
    phone.get_by_role("option", name="Dusk").tap()
    expect(phone.get_by_text("Moved 1 photo to “Dusk”.")).to_be_visible()
    expect(phone.get_by_role("heading", name="1.jpg", level=2)).to_be_visible()
    assert names(user, concert["id"]) == ["0.jpg"]
