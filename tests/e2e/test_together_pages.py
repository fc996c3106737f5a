"""What people do together on a task, in the browser: parts, files, comments, whose it is."""

import re
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.test_boards_pages import keep_picture, project
from tests.e2e.test_people_pages import let_in, named
from tests.e2e.test_tasks_pages import enter, fail, make, row
from tests.support.installation import Installation, wait_for

pytestmark = pytest.mark.tasks


def items(client: httpx.Client, task: dict[str, Any], what: str) -> list[dict[str, Any]]:
    return client.get(f"/tasks/{task['id']}/{what}").raise_for_status().json()["items"]


def shown_task(page: Page, installation: Installation, user: httpx.Client, task_id: str) -> None:
    enter(page, installation, user, f"/tasks/{task_id}")
    page.get_by_role("heading", name="Comments").wait_for()


def test_a_comment_mentions_somebody_by_keys_and_is_changed_and_deleted(
    installation: Installation, page: Page, phone: Page, user: httpx.Client
) -> None:
    with ExitStack() as stack:
        mia, ben = (stack.enter_context(installation.add_user()) for _ in range(2))
        tour = project(named(user, "Ada Sound"))["id"]
        task = make(user, "Book the van", project_id=tour)
        mia_id = let_in(user, tour, named(mia, "Mia Bass"), "commenter")
        let_in(user, tour, named(ben, "Ben Drums"), "editor")
        shown_task(page, installation, user, task["id"])
        shown_task(phone, installation, mia, task["id"])

        box = page.get_by_label("New comment")
        box.click()
        page.keyboard.type("Can you ask, @")
        expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(3)
        page.keyboard.type("ba")
        expect(page.get_by_role("listbox").get_by_role("option", name="Mia Bass")).to_be_visible()
        page.keyboard.press("Escape")
        expect(page.get_by_role("listbox")).to_have_count(0)
        page.keyboard.press("Backspace")
        page.keyboard.press("Backspace")
        expect(page.get_by_role("listbox").get_by_role("option")).to_have_count(3)
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")
        expect(box).to_have_value("Can you ask, @Mia Bass ")
        page.keyboard.type("**today**?")
        page.keyboard.press("Control+Enter")

        wait_for(lambda: bool(items(user, task, "comments")), "the comment")
        (said,) = items(user, task, "comments")
        assert said["text"] == f"Can you ask, @{mia_id} **today**?"
        assert said["mentions"] == [mia_id]
        for each in (page, phone):
            expect(each.locator("mark", has_text="@Mia Bass")).to_be_visible()
            expect(each.locator("strong", has_text="today")).to_be_visible()
        expect(box).to_have_value("")
        # Somebody else's words are theirs.
        expect(phone.get_by_role("button", name=re.compile("this comment"))).to_have_count(0)
        phone.get_by_label("New comment").fill("I will. <script>window.ran = 1</script>")
        phone.get_by_role("button", name="Comment", exact=True).click()
        expect(page.get_by_text("I will.")).to_be_visible()
        keep_picture(page, "together-comments")
        assert axe_findings(page) == []

        page.get_by_role("button", name="Edit this comment").click()
        mine = page.get_by_label("Your comment")
        expect(mine).to_have_value("Can you ask, @Mia Bass **today**?")
        mine.fill("Can you ask @Ben Drums?")
        page.get_by_role("button", name="Save").click()
        expect(phone.locator("mark", has_text="@Ben Drums")).to_be_visible()
        expect(phone.get_by_text(", edited")).to_be_visible()

        page.get_by_role("button", name="Delete this comment", exact=True).click()
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(phone.locator("mark")).to_have_count(0)
        assert [one["author_name"] for one in items(user, task, "comments")] == ["Mia Bass"]


def test_what_is_typed_right_after_a_mention_goes_behind_it(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    """The caret is in place before the next key can come, not a frame later."""
    tour = project(named(user, "Ada Sound"))["id"]
    shown_task(page, installation, user, make(user, "Book the van", project_id=tour)["id"])
    box = page.get_by_label("New comment")
    box.fill("@ and the van")
    box.press("Home")
    box.press("ArrowRight")
    expect(page.get_by_role("listbox").get_by_role("option", name="Ada Sound")).to_be_visible()
    at_once = box.evaluate("""(area) => {
      area.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
      return [area.value, area.selectionStart, area.selectionEnd];
    }""")
    behind = len("@Ada Sound ")
    assert at_once == ["@Ada Sound and the van", behind, behind]


def test_a_comment_that_is_refused_stays_in_the_box(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    task = make(user, "Book the van")
    shown_task(page, installation, user, task["id"])
    page.route("**/api/v1/tasks/*/comments", fail)
    page.get_by_label("New comment").fill("The blue one")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_text("The database is away.")).to_be_visible()
    expect(page.get_by_label("New comment")).to_have_value("The blue one")
    page.unroute("**/api/v1/tasks/*/comments")
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.get_by_role("listitem").get_by_text("The blue one")).to_be_visible()
    assert [one["text"] for one in items(user, task, "comments")] == ["The blue one"]


def test_subtasks_are_added_ticked_and_counted_in_the_list(
    installation: Installation, page: Page, phone: Page, user: httpx.Client
) -> None:
    task = make(user, "Book the van", description="Two nights, **nine** seats.")
    shown_task(page, installation, user, task["id"])
    enter(phone, installation, user, "/tasks")
    line = page.get_by_label("New subtask")
    for title in ("Ask three companies", "Compare prices !high", "Sign"):
        line.fill(title)
        line.press("Enter")
        expect(page.get_by_role("link", name=title.partition(" !")[0])).to_be_visible()
    page.get_by_role("checkbox", name="Done: Ask three companies").click()
    expect(page.get_by_text("1 of 3 done")).to_be_visible()
    expect(row(phone, "Book the van")).to_contain_text("1/3")
    keep_picture(page, "together-subtasks")
    parts = items(user, task, "subtasks")
    assert [one["status"] for one in parts] == ["done", "todo", "todo"]
    assert parts[1]["priority"] == "high"

    page.get_by_role("button", name="Delete Sign").click()
    expect(page.get_by_text("1 of 2 done")).to_be_visible()
    expect(page.get_by_text("Deleted “Sign”.")).to_be_visible()
    page.get_by_role("button", name="Undo").last.click()
    expect(page.get_by_text("1 of 3 done")).to_be_visible()

    page.route("**/api/v1/tasks/*/subtasks", fail)
    line.fill("Insure it")
    line.press("Enter")
    expect(page.get_by_text("“Insure it” wasn't added. The database is away.")).to_be_visible()
    expect(line).to_have_value("Insure it")
    assert axe_findings(page) == []


def test_a_task_is_put_into_a_project_and_given_to_a_member(
    installation: Installation, page: Page, phone: Page, user: httpx.Client
) -> None:
    with installation.add_user() as mia:
        tour = project(named(user, "Ada Sound"))["id"]
        mia_id = let_in(user, tour, named(mia, "Mia Bass"), "editor")
        task = make(user, "Book the van")
        shown_task(page, installation, user, task["id"])
        expect(page.get_by_label("For", exact=True)).to_have_count(0)
        page.get_by_label("Project").select_option("Spring tour")
        page.get_by_label("For", exact=True).select_option("Mia Bass")
        wait_for(
            lambda: user.get(f"/tasks/{task['id']}").json()["assignee_id"] == mia_id,
            "the task to be hers",
        )
        enter(phone, installation, mia, f"/tasks/projects/{tour}")
        card = phone.get_by_role("listitem").filter(has_text="Book the van")
        expect(card).to_contain_text("for Mia Bass")
        phone.get_by_role("button", name="Actions for Book the van").click()
        phone.get_by_role("menuitem", name="Edit").click()
        phone.get_by_label("For", exact=True).select_option("Nobody")
        phone.get_by_role("button", name="Save").click()
        expect(card).not_to_contain_text("for Mia Bass")
        expect(page.get_by_label("For", exact=True)).to_have_value("")


def test_a_file_is_attached_shown_to_others_and_deleted(
    installation: Installation, page: Page, phone: Page, user: httpx.Client, tmp_path: Path
) -> None:
    with installation.add_user() as viewer:
        tour = project(named(user, "Ada Sound"))["id"]
        task = make(user, "Book the van", project_id=tour)
        let_in(user, tour, named(viewer, "Vic Lights"), "viewer")
        shown_task(page, installation, user, task["id"])
        shown_task(phone, installation, viewer, task["id"])
        offer = tmp_path / "Offer.txt"
        offer.write_text("Nine seats, 120 a day.")

        page.get_by_label("Files to attach").set_input_files(offer)
        expect(page.get_by_role("region", name="Uploads")).to_contain_text("Attached")
        for each in (page, phone):
            expect(each.get_by_role("link", name="Offer.txt")).to_be_visible()
            expect(each.get_by_text("22 B · Ada Sound")).to_be_visible()
        keep_picture(page, "together-files")
        with phone.expect_download() as fetched:
            phone.get_by_role("link", name="Offer.txt").click()
        assert Path(fetched.value.path()).read_text() == "Nine seats, 120 a day."
        expect(phone.get_by_role("button", name="Delete Offer.txt")).to_have_count(0)
        page.get_by_role("button", name="Delete Offer.txt").click()
        page.get_by_role("dialog").get_by_role("button", name="Delete").click()
        expect(phone.get_by_role("link", name="Offer.txt")).to_have_count(0)
        assert items(user, task, "attachments") == []


def test_reminders_are_mine_and_can_be_taken_back(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    task = make(user, "Book the van", due_at="2030-05-01T09:00:00Z")
    shown_task(page, installation, user, task["id"])
    group = page.get_by_role("group", name="My reminders")
    group.get_by_role("button", name="Remind me").click()
    group.get_by_label("Remind me", exact=True).select_option("A day before")
    group.get_by_role("button", name="Remind me").click()
    expect(group.get_by_text("A day before")).to_be_visible()
    assert [one["before_due_s"] for one in items(user, task, "reminders")] == [86_400]
    group.get_by_role("button", name="Remind me").click()
    group.get_by_label("Remind me", exact=True).select_option("At a time")
    group.get_by_label("Remind me, day").fill("2030-04-01")
    group.get_by_role("button", name="Remind me").click()
    expect(group.get_by_role("listitem")).to_have_count(2)
    group.get_by_role("button", name="Don't remind: A day before").click()
    expect(group.get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name="Undo").click()
    expect(group.get_by_text("A day before")).to_be_visible()


def test_a_viewer_reads_everything_and_is_offered_nothing_that_would_be_refused(
    installation: Installation, page: Page, phone: Page, user: httpx.Client
) -> None:
    with installation.add_user() as viewer:
        tour = project(named(user, "Ada Sound"))["id"]
        task = make(user, "Book the van", project_id=tour, description="Two nights.")
        user.post(f"/tasks/{task['id']}/subtasks", json={"title": "Call"}).raise_for_status()
        user.post(f"/tasks/{task['id']}/comments", json={"text": "Which?"}).raise_for_status()
        let_in(user, tour, named(viewer, "Vic Lights"), "viewer")
        shown_task(page, installation, viewer, task["id"])
        for text in ("Two nights.", "Call", "Which?", "Spring tour"):
            expect(page.get_by_text(text, exact=True)).to_be_visible()
        expect(page.get_by_role("main").get_by_role("button")).to_have_text(["Remind me"])
        expect(page.locator("main :is(input, textarea):enabled")).to_have_count(0)
        for box in page.get_by_role("checkbox").all():
            expect(box).to_be_disabled()
        for choice in page.get_by_role("combobox").all():
            expect(choice).to_be_disabled()
        keep_picture(page, "together-viewer")

        enter(phone, installation, viewer, "/tasks")
        row(phone, "Book the van").wait_for()
        expect(phone.get_by_role("checkbox", name="Done: Book the van")).to_be_disabled()
        phone.get_by_role("button", name="Actions for Book the van").click()
        expect(phone.get_by_role("menuitem")).to_have_text(["Open"])
