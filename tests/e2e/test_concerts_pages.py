"""The history of concerts in the browser: added by hand, found, changed, deleted, brought back."""

import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.accessibility import axe_findings
from tests.support.installation import PASSWORD, Installation
from tests.support.photos import jpeg, write

pytestmark = pytest.mark.concerts
PAGES = (
    "/concerts",
    "/concerts/artists",
    "/concerts/venues",
    "/concerts/statistics",
    "/concerts/import",
)
LIDO = {"name": "Lido", "city": "Berlin", "country_code": "DE"}
PARADISO = {"name": "Paradiso", "city": "Amsterdam", "country_code": "NL"}


def enter(page: Page, installation: Installation, user: httpx.Client, path: str) -> None:
    """Sign in as that user, and go there."""
    page.goto(f"{installation.url}/sign-in")
    page.get_by_label("E-mail").fill(user.get("/users/me").json()["email"])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto(installation.url + path)


def make(user: httpx.Client, held_on: str, *names: str, **more: Any) -> dict[str, Any]:
    form = {"held_on": held_on, "bill": [{"name": name} for name in names], **more}
    answer = user.post("/concerts", json=form)
    assert answer.status_code == 201, answer.text
    return answer.json()


def row(page: Page, name: str) -> Locator:
    return page.locator("tr[data-index]", has_text=name)


def fail(route: Route) -> None:
    if route.request.method == "GET":
        route.fallback()
        return
    route.fulfill(
        status=503,
        content_type="application/problem+json",
        json={"title": "Away", "detail": "The database is away. Try again in a minute."},
    )


def test_a_concert_is_added_by_hand(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    make(user, "2019-05-03", "The Lumens", venue=LIDO)
    enter(page, installation, user, "/concerts")
    page.get_by_role("button", name="Add a concert").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Day").fill("2024-07-06")
    artist = form.get_by_role("combobox", name="Artist 1")
    artist.press_sequentially("lum")
    page.get_by_role("listbox", name="Artist 1").get_by_role("option").click()
    expect(artist).to_have_value("The Lumens")
    page.get_by_role("button", name="Headliner: The Lumens").click()
    page.get_by_role("button", name="Setlist of The Lumens").click()
    page.get_by_label("Songs of The Lumens").fill("First light\n\nSecond wind")
    artist.press("Enter")
    page.keyboard.type("Dusk")
    form.get_by_role("combobox", name="Venue").press_sequentially("lid")
    expect(page.get_by_role("listbox", name="Venue").get_by_role("option")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(form.get_by_role("combobox", name="City")).to_have_value("Berlin")
    expect(form.get_by_label("Country")).to_have_value("DE")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.get_by_text("Added “The Lumens”.")).to_be_visible()
    expect(row(page, "with Dusk")).to_contain_text("Lido")
    expect(row(page, "with Dusk")).to_contain_text("2024")
    page.get_by_role("button", name="Open", exact=True).click()
    expect(page.get_by_role("heading", name="The Lumens", level=1)).to_be_attached()
    expect(page.get_by_text("Saturday, 6 July 2024").first).to_be_visible()
    expect(page.get_by_text("Europe/Berlin, UTC+02:00")).to_be_visible()
    expect(page.get_by_text("Second wind")).to_be_visible()
    page.get_by_role("link", name="The Lumens").click()
    expect(page.get_by_text("3 May 2019").first).to_be_visible()
    expect(page.locator("tr[data-index]")).to_have_count(2)
    page.go_back()
    page.get_by_role("link", name="Lido").click()
    expect(page.get_by_text("Berlin, Germany").first).to_be_visible()
    expect(page.locator("tr[data-index]")).to_have_count(2)


def test_a_wrong_day_is_told_beside_it_and_nothing_is_added(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    enter(page, installation, user, "/concerts")
    page.get_by_role("button", name="Add the first one").click()
    page.get_by_label("Day").fill("2199-01-01")
    page.get_by_role("combobox", name="Artist 1").fill("Nobody yet")
    page.get_by_role("button", name="Add", exact=True).click()

    expect(page.get_by_text("Day can't be right.")).to_be_visible()
    expect(page.get_by_label("Day")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="No concerts yet")).to_be_visible()
    assert user.get("/concerts").json()["items"] == []


def test_a_concert_is_changed_deleted_and_brought_back(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    concert = make(user, "2022-02-02", "Dusk", "The Lumens", venue=PARADISO)
    enter(page, installation, user, f"/concerts/{concert['id']}")
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_label("Title").fill("A night for the roof")
    page.get_by_label("Notes").fill("Rain came in.")
    page.get_by_role("button", name="More for Dusk").click()
    page.get_by_role("menuitem", name="Played later").click()
    page.get_by_role("button", name="Save").click()

    expect(page.get_by_role("heading", name="A night for the roof")).to_be_attached()
    expect(page.get_by_text("Rain came in.")).to_be_visible()
    expect(page.get_by_role("dialog")).to_have_count(0)
    kept = user.get(f"/concerts/{concert['id']}").json()
    assert [one["name"] for one in kept["bill"]] == ["The Lumens", "Dusk"]
    assert kept["venue"]["id"] == concert["venue"]["id"]

    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Deleted “A night for the roof”.")).to_be_visible()
    expect(page.get_by_role("heading", name="No concerts yet")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    expect(row(page, "A night for the roof")).to_be_visible()
    assert user.get(f"/concerts/{concert['id']}").status_code == 200


def test_the_history_is_narrowed_and_found_in(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    make(user, "2022-02-02", "Dusk", venue=PARADISO)
    make(user, "2024-03-03", "Dusk", venue=LIDO)
    make(user, "2024-04-04", "The Lumens", venue=LIDO)
    enter(page, installation, user, "/concerts")
    rows = page.locator("tr[data-index]")
    expect(rows).to_have_count(3)
    expect(rows.first).to_contain_text("2 concerts")

    page.get_by_role("link", name="2024: 2 concerts").click()
    expect(rows).to_have_count(2)
    expect(page).to_have_url(re.compile("year=2024"))
    page.get_by_label("Artist", exact=True).select_option("Dusk")
    expect(rows).to_have_count(1)
    page.get_by_role("link", name="2024: 2 concerts").click()
    expect(rows).to_have_count(2)
    page.get_by_label("City", exact=True).select_option("Amsterdam")
    expect(rows).to_have_count(1)
    page.get_by_label("Search your concerts").fill("zither")
    expect(page.get_by_text("No concert fits “zither”.")).to_be_visible()
    page.get_by_role("button", name="Show all concerts").click()
    expect(rows).to_have_count(3)
    page.get_by_label("Sort").select_option("Earliest first")
    expect(rows.first).to_contain_text("2022")

    page.keyboard.press("Control+k")
    page.keyboard.type("paradiso")
    page.get_by_role("option", name=re.compile("Dusk.*Paradiso")).click()
    expect(page.get_by_role("heading", name="Dusk", level=1)).to_be_attached()


def test_the_keyboard_is_enough(installation: Installation, page: Page, user: httpx.Client) -> None:
    make(user, "2022-02-02", "Dusk")
    make(user, "2024-03-03", "The Lumens")
    enter(page, installation, user, "/concerts")
    row(page, "Dusk").wait_for()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("ArrowDown")
    expect(row(page, "The Lumens")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(row(page, "Dusk")).to_be_focused()
    page.keyboard.press("e")
    page.get_by_label("Title").fill("Late show")
    page.get_by_label("Title").press("Enter")
    expect(row(page, "Late show")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Delete")
    expect(page.get_by_text("Deleted “The Lumens”.")).to_be_visible()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(row(page, "The Lumens")).to_be_visible()

    page.keyboard.press("n")
    expect(page.get_by_label("Day")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    row(page, "Late show").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Late show", level=1)).to_be_attached()
    page.keyboard.press("e")
    expect(page.get_by_label("Title")).to_have_value("Late show")


def test_what_fails_rolls_back_and_says_why(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    make(user, "2022-02-02", "Dusk")
    enter(page, installation, user, "/concerts")
    row(page, "Dusk").wait_for()
    page.route("**/api/v1/concerts", fail)
    page.route("**/api/v1/concerts/*", fail)

    row(page, "Dusk").focus()
    page.keyboard.press("Delete")
    expect(page.get_by_text("“Dusk” is still there. The database is away.")).to_be_visible()
    expect(row(page, "Dusk")).to_be_visible()

    row(page, "Dusk").focus()
    page.keyboard.press("e")
    page.get_by_label("Title").fill("Dawn")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog").get_by_text("The database is away.")).to_be_visible()
    expect(page.get_by_label("Title")).to_have_value("Dawn")
    expect(row(page, "Dusk")).to_have_count(1)
    page.keyboard.press("Escape")

    page.get_by_role("button", name="Add a concert").click()
    page.get_by_label("Day").fill("2023-03-03")
    page.get_by_role("combobox", name="Artist 1").fill("The Lumens")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_role("dialog").get_by_text("The database is away.")).to_be_visible()
    expect(row(page, "The Lumens")).to_have_count(0)
    page.unroute_all()
    page.get_by_role("button", name="Add", exact=True).click()
    expect(row(page, "The Lumens")).to_be_visible()


def test_what_happens_elsewhere_is_shown(
    installation: Installation, page: Page, user: httpx.Client, tmp_path: Path
) -> None:
    concert = make(user, "2019-07-04", "Dusk")
    enter(page, installation, user, "/concerts")
    row(page, "Dusk").wait_for()
    make(user, "2024-03-03", "The Lumens")
    expect(row(page, "The Lumens")).to_be_visible()

    with write(tmp_path / "night.jpg", jpeg(seed=5)).open("rb") as file:
        photo = user.post("/photos", files={"file": file}).raise_for_status().json()
    row(page, "Dusk").get_by_role("link", name="Dusk").click()
    expect(page.get_by_text("look at the photos of that day")).to_be_visible()
    added = user.post(f"/concerts/{concert['id']}/photos", json={"photo_ids": [photo["id"]]})
    added.raise_for_status()
    page.get_by_role("link", name=re.compile("night.jpg")).click()
    expect(page.get_by_role("heading", name="night.jpg", level=2)).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Dusk", level=1)).to_be_attached()


def test_pages_are_for_everybody_and_for_phones(
    installation: Installation, phone: Page, user: httpx.Client
) -> None:
    more: dict[str, Any] = {"venue": LIDO, "notes": "Loud.", "zone": "Europe/Berlin"}
    concert = make(user, "2022-02-02", "Dusk", "The Lumens", **more)
    make(user, "2024-03-03", "The Lumens", title="A long night of very long names, by the river")
    artist, venue = concert["bill"][0]["artist_id"], concert["venue"]["id"]
    singles = (
        f"/concerts/{concert['id']}",
        f"/concerts/artists/{artist}",
        f"/concerts/venues/{venue}",
    )
    enter(phone, installation, user, "/concerts")

    for path in (*PAGES, *singles):
        phone.goto(installation.url + path)
        phone.get_by_text(re.compile("Dusk|The Lumens|Lido")).first.wait_for(state="attached")
        expect(phone.locator("[role=status][aria-label^=Fetching]")).to_have_count(0)
        wide = phone.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{path} scrolls sideways"
        assert axe_findings(phone) == [], path
    phone.goto(f"{installation.url}/concerts")
    expect(row(phone, "A long night")).to_contain_text("3 Mar 2024")
    phone.get_by_role("button", name="Add a concert").tap()
    expect(phone.get_by_role("combobox", name="Artist 1")).to_be_visible()
    assert axe_findings(phone) == []


def test_a_history_is_told_in_figures(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    enter(page, installation, user, "/concerts")
    page.get_by_role("link", name="Figures", exact=True).click()
    expect(page.get_by_role("heading", name="Nothing to count yet")).to_be_visible()
    make(user, "2019-05-03", "The Lumens", venue=LIDO)
    make(user, "2021-05-03", "The Lumens", "Dusk", venue=PARADISO)

    chart = page.get_by_role("figure", name="Artists seen most often")
    expect(chart).to_be_visible()
    chart.get_by_text("The same as a table").click()
    expect(chart.get_by_role("row", name="The Lumens 2")).to_be_visible()
    years = page.get_by_role("figure", name="By year")
    years.get_by_text("The same as a table").click()
    expect(years.get_by_role("row", name="2020 0")).to_be_visible()
    page.get_by_role("link", name="All artists").click()
    expect(page.get_by_role("link", name="The Lumens")).to_be_visible()


def test_a_history_becomes_a_file(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    make(user, "2019-05-03", "The Lumens", venue=LIDO)
    enter(page, installation, user, "/concerts")
    page.get_by_role("button", name="Export", exact=True).click()
    dialog = page.get_by_role("dialog", name="Export")
    dialog.get_by_role("button", name="PDF", exact=True).click()
    file = dialog.get_by_role("listitem").filter(has_text="1 concert")
    expect(file).to_have_count(1, timeout=120_000)
    address = file.get_by_role("link", name="Download").get_attribute("href")
    assert address is not None
    assert httpx.get(installation.url + address).content.startswith(b"%PDF-")
    assert axe_findings(page) == []
    dialog.get_by_role("button", name="Delete the PDF file").click()
    expect(file).to_have_count(0)


def test_a_table_becomes_concerts_and_is_taken_back(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    make(user, "2019-05-03", "The Lumens", venue=LIDO)
    enter(page, installation, user, "/concerts")
    page.get_by_role("link", name="Import", exact=True).click()
    expect(page.get_by_role("button", name="Choose a file")).to_be_visible()
    table = b"date;artist;venue\n3.5.2019;The Lumens;Lido\n4.5.2019;Dusk;Lido\nsoon;Nobody;\n"
    file = {"name": "nights.csv", "mimeType": "text/csv", "buffer": table}
    page.get_by_label("Tables of concerts").set_input_files([file])

    card = page.get_by_role("article", name="Table nights.csv")
    expect(card).to_contain_text("1 new, 1 in your history already, 1 can")
    expect(card.get_by_role("row", name="“soon” isn't a day")).to_be_visible()
    card.get_by_role("button", name="Add 1 concert").click()
    expect(card).to_contain_text("1 added")
    assert user.get("/concerts").json()["items"][0]["bill"][0]["name"] == "Dusk"
    assert axe_findings(page) == []
    card.get_by_role("button", name="Take back").click()
    expect(card).to_contain_text("1 taken back")
    assert len(user.get("/concerts").json()["items"]) == 1
