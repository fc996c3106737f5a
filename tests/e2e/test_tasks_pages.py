"""Tasks in the browser: written in natural words, done, deleted, brought back."""

import re
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, Request, Route, expect

from tests.e2e.accessibility import axe_findings
from tests.support.installation import PASSWORD, Installation

pytestmark = pytest.mark.tasks

PAGES = ("/tasks", "/tasks/statistics", "/tasks/trash")
HOSTILE = """\
<script>window.ran = "script"</script>

<img src=x onerror="window.ran = 'onerror'">

<svg onload="window.ran = 'onload'"></svg>

[press me](javascript:window.ran='link')

[or me](data:text/html,<script>window.ran='data'</script>)

[or this](JaVaScRiPt&colon;window.ran='entity')

<a href="javascript:window.ran='tag'">or that</a>

![a picture](https://pictures.invalid/spy.png)

[a good one](https://example.org/good)
"""


def enter(page: Page, installation: Installation, user: httpx.Client, path: str = "/tasks") -> None:
    """Sign in as that user, and go there."""
    page.goto(f"{installation.url}/sign-in")
    page.get_by_label("E-mail").fill(user.get("/users/me").json()["email"])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto(installation.url + path)


def make(user: httpx.Client, title: str, **more: Any) -> dict[str, Any]:
    answer = user.post("/tasks", json={"title": title, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()


def titles(user: httpx.Client, status: str = "") -> list[str]:
    found = user.get("/tasks", params={"status": status, "sort": "title"}).json()
    return [task["title"] for task in found["items"]]


def row(page: Page, title: str) -> Locator:
    return page.locator("tr[data-index]", has_text=title)


def fail(route: Route) -> None:
    route.fulfill(
        status=503,
        content_type="application/problem+json",
        json={"title": "Away", "detail": "The database is away. Try again in a minute."},
    )


def test_a_line_in_natural_words_becomes_a_task(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    enter(page, installation, user)
    box = page.get_by_label("New task")
    box.fill("Restring the bass tomorrow 9am !high #gear #friday")
    expect(page.get_by_role("button", name="Tomorrow, 09:00")).to_be_visible()
    expect(page.get_by_role("button", name="High")).to_be_visible()
    page.get_by_role("button", name="take back “#friday”").press("Backspace")
    box.press("Enter")

    expect(row(page, "Restring the bass #friday")).to_contain_text("Tomorrow, 09:00")
    expect(box).to_have_value("")
    expect(page.get_by_role("link", name="Restring the bass")).to_be_visible()
    (task,) = user.get("/tasks").json()["items"]
    assert task["title"] == "Restring the bass #friday"
    assert (task["priority"], task["labels"]) == ("high", ["gear"])
    assert datetime.fromisoformat(task["due_at"]).astimezone().hour == 9


def test_the_keyboard_is_enough(installation: Installation, page: Page, user: httpx.Client) -> None:
    make(user, "Tune the piano")
    enter(page, installation, user)
    row(page, "Tune the piano").wait_for()
    page.keyboard.press("n")
    page.keyboard.type("Write the setlist")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Write the setlist")).to_be_visible()

    page.keyboard.press("ArrowDown")
    expect(row(page, "Write the setlist")).to_be_focused()
    page.keyboard.press("x")
    expect(row(page, "Write the setlist")).to_have_count(0)
    assert titles(user, "done") == ["Write the setlist"]
    expect(row(page, "Tune the piano")).to_be_focused()
    page.get_by_role("button", name="Undo").press("Enter")
    expect(row(page, "Write the setlist")).to_be_visible()
    assert titles(user, "done") == []

    row(page, "Write the setlist").focus()
    page.keyboard.press("Delete")
    expect(row(page, "Write the setlist")).to_have_count(0)
    expect(page.get_by_text("Deleted “Write the setlist”.")).to_be_visible()
    page.get_by_role("link", name="Trash").press("Enter")
    row(page, "Write the setlist").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("“Write the setlist” is back.")).to_be_visible()
    assert titles(user, "todo") == ["Tune the piano", "Write the setlist"]


def test_what_fails_rolls_back_and_says_why(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    make(user, "Book the van")
    enter(page, installation, user)
    check = page.get_by_role("checkbox", name="Done: Book the van")
    check.wait_for()
    page.route(re.compile("/api/v1/tasks"), fail)  # the lists, too: nothing can be read again

    check.click()
    expect(page.get_by_text("“Book the van” is as it was. The database is away.")).to_be_visible()
    expect(check).not_to_be_checked()

    row(page, "Book the van").focus()
    page.keyboard.press("Delete")
    expect(page.get_by_text("“Book the van” is still there. The database is away.")).to_be_visible()
    expect(row(page, "Book the van")).to_be_visible()

    box = page.get_by_label("New task")
    box.fill("Call Ada friday")
    box.press("Enter")
    expect(page.get_by_text("“Call Ada” wasn't added. The database is away.")).to_be_visible()
    expect(row(page, "Call Ada")).to_have_count(0)
    expect(box).to_have_value("Call Ada friday")


def test_another_window_shows_what_happens(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    enter(page, installation, user)
    other = page.context.new_page()
    other.goto(f"{installation.url}/tasks?show=all")
    expect(other.get_by_text("Nothing to do")).to_be_visible()
    page.get_by_label("New task").fill("Label the cables")
    page.get_by_label("New task").press("Enter")
    expect(row(other, "Label the cables")).to_be_visible()

    page.get_by_role("checkbox", name="Done: Label the cables").click()
    expect(other.get_by_role("checkbox", name="Done: Label the cables")).to_be_checked()


def test_nothing_in_a_task_runs(installation: Installation, page: Page, user: httpx.Client) -> None:
    task = make(user, "<img src=x onerror=\"window.ran = 'title'\">", description=HOSTILE)
    asked: list[str] = []

    def remember(request: Request) -> None:
        asked.append(request.url)

    page.on("request", remember)
    enter(page, installation, user)
    expect(page.get_by_role("link", name="<img src=x")).to_be_visible()
    page.goto(f"{installation.url}/tasks/{task['id']}")
    good = page.get_by_role("link", name="a good one")
    expect(good).to_have_attribute("rel", re.compile("noopener"))
    for words in ("press me", "or me", "or this", "or that"):
        page.get_by_text(words).first.click()

    assert page.evaluate("window.ran") is None
    main = page.locator("main")
    addresses = [each.get_attribute("href") or "" for each in main.get_by_role("link").all()]
    assert [each for each in addresses if not re.match(r"https?:|/", each)] == []
    assert main.locator("img, script, iframe, [onerror], [onload]").count() == 0
    assert [url for url in asked if not url.startswith(installation.url)] == []


def test_words_changed_meanwhile_are_not_lost(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    task = make(user, "Soundcheck", description="At four.")
    enter(page, installation, user, f"/tasks/{task['id']}")
    expect(page.get_by_text("At four.")).to_be_visible()
    page.keyboard.press("e")
    page.get_by_label("Description").fill("At *five*.")
    user.patch(f"/tasks/{task['id']}", json={"title": "Long soundcheck"})

    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("This task has changed meanwhile")).to_be_visible()
    page.get_by_role("button", name="Save mine in its place").click()
    expect(page.get_by_text("At five.")).to_be_visible()
    kept = user.get(f"/tasks/{task['id']}").json()
    assert (kept["title"], kept["description"]) == ("Long soundcheck", "At *five*.")


def test_a_view_and_a_file_keep_what_is_shown(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    make(user, "Buy strings", labels=["gear"])
    make(user, "Pay the room")
    enter(page, installation, user, "/tasks?label=gear")
    page.get_by_role("button", name="Views").click()
    page.get_by_role("menuitem", name="Save this view").click()
    page.get_by_label("Name").fill("Gear to buy")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Views")).to_have_text("Gear to buy")

    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="CSV, for spreadsheets").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download").click()
    text = download.value.path().read_text("utf-8")
    assert "Buy strings" in text
    assert "Pay the room" not in text


def test_a_view_of_what_is_due_moves_on_with_the_days(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    make(user, "Call the venue", due_at=datetime.now(UTC).isoformat())
    make(user, "Next tour", due_at="2030-01-01T09:00:00Z")
    enter(page, installation, user)
    page.get_by_label("Due", exact=True).select_option("week")
    expect(row(page, "Next tour")).to_have_count(0)
    page.get_by_role("button", name="Views").click()
    page.get_by_role("menuitem", name="Save this view").click()
    page.get_by_label("Name").fill("This week")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("button", name="Views")).to_have_text("This week")
    (view,) = user.get("/tasks/views").json()["items"]
    assert view["filters"]["due"] == "week"
    assert not {"due_after", "due_before"} & view["filters"].keys()

    page.goto(f"{installation.url}/tasks")
    expect(row(page, "Next tour")).to_be_visible()
    page.get_by_role("button", name="Views").click()
    page.get_by_role("menuitemradio", name="This week").click()
    expect(page).to_have_url(re.compile("due=week"))
    expect(row(page, "Call the venue")).to_be_visible()
    expect(row(page, "Next tour")).to_have_count(0)


def test_one_task_is_deleted_for_good_when_asked_twice(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    for title in ("Old flyer", "Older flyer"):
        user.delete(f"/tasks/{make(user, title)['id']}").raise_for_status()
    enter(page, installation, user, "/tasks/trash")
    row(page, "Older flyer").wait_for()

    page.get_by_role("button", name="Delete Old flyer for good").click()
    page.get_by_role("button", name="Keep it").click()
    assert len(user.get("/tasks/trash").json()["items"]) == 2
    page.get_by_role("button", name="Delete Old flyer for good").click()
    page.route("**/api/v1/tasks/trash/*", fail)
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_role("dialog").get_by_text("The database is away.")).to_be_visible()
    page.unroute("**/api/v1/tasks/trash/*")
    page.get_by_role("button", name="Delete it").click()

    expect(page.get_by_text("“Old flyer” is gone for good.")).to_be_visible()
    expect(row(page, "Old flyer")).to_have_count(0)
    left = user.get("/tasks/trash").json()["items"]
    assert [task["title"] for task in left] == ["Older flyer"]


def test_a_subtask_leads_to_its_whole(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    whole = make(user, "Load the van")
    user.post(f"/tasks/{whole['id']}/subtasks", json={"title": "Drums"}).raise_for_status()
    enter(page, installation, user, f"/tasks/{whole['id']}")
    page.get_by_role("link", name="Drums").click()
    page.get_by_role("link", name="“Load the van”").click()
    expect(page.get_by_role("heading", name="Subtasks")).to_be_visible()


def test_a_phone_has_room_for_all(
    installation: Installation, phone: Page, user: httpx.Client
) -> None:
    task = make(user, "Call the promoter " * 8, labels=["tour", "people", "berlin"])
    enter(phone, installation, user)
    phone.get_by_label("New task").fill("Pack the van tomorrow #tour")
    phone.get_by_role("button", name="Add", exact=True).tap()
    phone.get_by_role("link", name="Pack the van").wait_for()
    phone.get_by_role("checkbox", name="Done: Pack the van").tap()
    expect(phone.get_by_text("Done: “Pack the van”.")).to_be_visible()
    for path in (*PAGES, f"/tasks/{task['id']}"):
        phone.goto(installation.url + path)
        phone.get_by_role("heading", level=1).first.wait_for(state="attached")
        expect(phone.get_by_role("status", name=re.compile("^Fetching"))).to_have_count(0)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    installation: Installation, page: Page, user: httpx.Client, theme: str
) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    task = make(
        user,
        "Send the stage plot",
        priority="urgent",
        labels=["tour"],
        due_at="2026-01-01T09:00:00Z",
        description="Eight *inputs*.",
    )
    make(user, "Book the van", status="doing")
    gone = make(user, "Old flyer", status="done")
    user.delete(f"/tasks/{gone['id']}")
    enter(page, installation, user)
    findings: list[str] = []
    for path in (*PAGES, "/tasks?show=all&q=plot", f"/tasks/{task['id']}"):
        findings += axe_findings(page, installation.url + path)

    assert findings == []
