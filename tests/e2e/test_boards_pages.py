"""Boards in the browser: cards moved by pointer and by keys, seen by everybody in the project."""

import os
import re
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.dragging import lift
from tests.e2e.test_tasks_pages import enter, fail, make
from tests.support.installation import Installation, wait_for

pytestmark = pytest.mark.tasks


def project(user: httpx.Client, name: str = "Spring tour", **more: Any) -> dict[str, Any]:
    answer = user.post("/projects", json={"name": name, "colour": "teal", **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def filled(user: httpx.Client) -> str:
    """A project with cards in each column; its id."""
    made = project(user, description="Twelve nights, two vans, one drummer.")
    for title, more in (
        ("Book the van", {"priority": "high"}),
        ("Print the posters", {"labels": ["print"]}),
        ("Call the club in Ghent", {"due_at": "2027-03-01T10:00:00Z"}),
        ("Rehearse the encore", {"status": "doing"}),
        ("Sign the contract", {"status": "done"}),
    ):
        make(user, title, project_id=made["id"], **more)
    return made["id"]


def column(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def cards(page: Page, name: str) -> list[str]:
    links = column(page, name).get_by_role("listitem").get_by_role("link")
    return links.all_inner_texts()


def order(user: httpx.Client, project_id: str, status: str) -> list[str]:
    asked = {"project": project_id, "status": status, "sort": "position"}
    return [task["title"] for task in user.get("/tasks", params=asked).json()["items"]]


def drag(page: Page, title: str, to: Locator) -> None:
    """Take a card by the pointer and let it go in the middle of something."""
    card = page.get_by_role("listitem").filter(has_text=title)
    start, end = card.bounding_box(), to.bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 20, start["y"] + start["height"] - 6)
    page.mouse.down()
    x, y = end["x"] + end["width"] / 2, end["y"] + end["height"] / 2
    page.mouse.move(x - 30, y - 20, steps=8)
    page.mouse.move(x, y, steps=8)
    page.mouse.up()


def open_board(page: Page, installation: Installation, user: httpx.Client, project_id: str) -> None:
    enter(page, installation, user, f"/tasks/projects/{project_id}")
    column(page, "To do").get_by_role("link", name="Book the van").wait_for()


def keep_picture(page: Page, name: str) -> None:
    """For whoever wants to look: PICTURES names the folder."""
    if folder := os.environ.get("PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_card_is_dragged_to_another_column(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    project_id = filled(user)
    open_board(page, installation, user, project_id)
    keep_picture(page, "board-dark")

    drag(page, "Book the van", column(page, "Doing").get_by_role("listitem"))

    expect(column(page, "Doing").get_by_role("link", name="Book the van")).to_be_visible()
    expect(column(page, "To do").get_by_role("listitem")).to_have_count(2)
    wait_for(lambda: "Book the van" in order(user, project_id, "doing"), "the move to be kept")
    assert cards(page, "Doing") == order(user, project_id, "doing")


def test_a_drag_that_the_server_refuses_goes_back_and_says_why(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    project_id = filled(user)
    open_board(page, installation, user, project_id)
    before = cards(page, "To do")
    page.route("**/api/v1/tasks/*/move", fail)

    drag(page, "Book the van", column(page, "Done").get_by_role("listitem"))

    told = page.get_by_text("“Book the van” is back where it was. The database is away.")
    expect(told).to_be_visible()
    expect(column(page, "To do").get_by_role("listitem")).to_have_count(3)
    assert cards(page, "To do") == before
    assert order(user, project_id, "done") == ["Sign the contract"]


def test_keys_move_a_card_within_and_between_columns(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    project_id = filled(user)
    open_board(page, installation, user, project_id)
    assert cards(page, "To do")[0] == "Book the van"

    grip = page.get_by_role("button", name="Move Book the van")
    lift(grip)
    page.keyboard.press("ArrowDown")
    expect(page.get_by_text(re.compile("is over To do, place 2 of 3"))).to_be_attached()
    page.keyboard.press("Space")

    wanted = ["Print the posters", "Book the van", "Call the club in Ghent"]
    expect(column(page, "To do").get_by_role("listitem").nth(1)).to_contain_text("Book the van")
    assert cards(page, "To do") == wanted

    lift(grip)
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text(re.compile("is over (Doing|Rehearse)"))).to_be_attached()
    page.keyboard.press("Space")
    expect(column(page, "Doing").get_by_role("link", name="Book the van")).to_be_visible()
    wait_for(lambda: "Book the van" in order(user, project_id, "doing"), "the move to be kept")


def test_two_windows_show_one_board(
    installation: Installation, page: Page, phone: Page, user: httpx.Client
) -> None:
    project_id = filled(user)
    open_board(page, installation, user, project_id)
    open_board(phone, installation, user, project_id)

    page.get_by_label("New task in Doing").fill("Load the gear !urgent")
    page.get_by_label("New task in Doing").press("Enter")
    expect(column(phone, "Doing").get_by_role("link", name="Load the gear")).to_be_visible()

    drag(page, "Sign the contract", column(page, "To do").get_by_role("listitem").first)
    expect(column(phone, "To do").get_by_role("link", name="Sign the contract")).to_be_visible()
    keep_picture(phone, "board-phone")
    assert axe_findings(page) == []
    assert axe_findings(phone) == []


def test_cards_are_added_at_the_end_one_after_the_other_and_none_is_lost(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    project_id = filled(user)
    open_board(page, installation, user, project_id)
    held: list[Route] = []

    def hold(route: Route) -> None:
        if route.request.method == "POST":
            held.append(route)
        else:
            route.fallback()

    page.route("**/api/v1/tasks", hold)
    line = page.get_by_label("New task in To do")
    line.fill("Load the gear !high")
    line.press("Enter")
    links = column(page, "To do").get_by_role("listitem")
    expect(links).to_have_count(4)
    expect(links.last).to_contain_text("Load the gear")
    expect(line).to_be_focused()
    page.keyboard.type("Buy tape")
    page.keyboard.press("Enter")
    expect(links.last).to_contain_text("Buy tape")
    page.keyboard.type("Something else")

    for route in held:
        fail(route)

    expect(line).to_have_value("Something else")
    expect(links).to_have_count(3)
    page.unroute("**/api/v1/tasks")
    for title in ("Load the gear", "Buy tape"):
        told = page.get_by_role("log").locator("div", has_text=f"“{title}” wasn't added.")
        told.get_by_role("button", name="Try again").click()
        expect(links.last).to_contain_text(title)
    wait_for(
        lambda: order(user, project_id, "todo")[3:] == ["Load the gear", "Buy tape"],
        "both to be added in their order",
    )


def test_a_project_is_a_list_that_sorts_too(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    project_id = filled(user)
    make(user, "Another errand")
    open_board(page, installation, user, project_id)
    page.get_by_role("link", name="List", exact=True).click()
    rows = page.locator("tr[data-index]")
    expect(rows).to_have_count(4)

    page.get_by_label("Sort", exact=True).select_option("title")
    expect(rows.first).to_contain_text("Book the van")
    expect(page).to_have_url(re.compile("sort=title"))
    page.get_by_label("New task").fill("Arrange the strings")
    page.get_by_label("New task").press("Enter")
    expect(rows).to_have_count(5)
    asked = {"project": project_id, "sort": "title"}
    assert user.get("/tasks", params=asked).json()["items"][0]["title"] == "Arrange the strings"
    keep_picture(page, "project-list")
    assert axe_findings(page) == []


def test_projects_are_made_archived_and_deleted_with_a_way_back(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    enter(page, installation, user, "/tasks/projects")
    page.get_by_role("heading", name="No projects yet").wait_for()
    keep_picture(page, "projects-empty")
    page.get_by_role("button", name="New project").click()
    page.get_by_label("Name").fill("Album four")
    page.get_by_role("radio", name="purple").check(force=True)
    page.get_by_role("button", name="Make project").click()
    expect(page.get_by_role("heading", name="Album four", level=1)).to_be_visible()
    expect(page.get_by_text("Nothing to do.")).to_be_visible()

    page.get_by_role("button", name="Actions for Album four").click()
    page.get_by_role("menuitem", name="Archive").click()
    expect(page.get_by_text("This project is in the archive: it is only read.")).to_be_visible()
    expect(page.get_by_label("New task in Doing")).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_label("New task in Doing")).to_be_visible()

    page.get_by_role("button", name="Actions for Album four").click()
    page.get_by_role("menuitem", name="Delete").click()
    expect(page.get_by_role("heading", name="In the trash")).to_be_visible()
    page.get_by_role("button", name="Undo").last.click()
    expect(page.get_by_role("heading", name="My projects")).to_be_visible()
    keep_picture(page, "projects")
    assert axe_findings(page) == []


def test_a_project_that_isnt_there_says_so(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    enter(page, installation, user, "/tasks/projects/01900000-0000-7000-8000-000000000000")
    expect(page.get_by_text("This project can't be shown")).to_be_visible()
