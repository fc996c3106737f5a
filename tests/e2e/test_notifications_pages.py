"""What one is told, in the browser: the bell, the lists, the settings, and the end of letters."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Literal
from uuid import UUID

import httpx
import pytest
from playwright.sync_api import Locator, Page, Response, Route, expect

from backline.notifications.unsubscribing import Unsubscribing
from backline.platform.secrets import load_secrets
from tests.e2e.accessibility import axe_findings
from tests.e2e.test_tasks_pages import enter, fail
from tests.support.installation import Installation, wait_for

pytestmark = pytest.mark.notifications

PAGES = ("/notifications", "/notifications/unread", "/notifications/settings")
KIND = "files of yours that can't be made playable"
# Where pictures are put for people to look at, if anybody wants to.
PICTURES = os.environ.get("PICTURES")


def break_song(user: httpx.Client, name: str) -> None:
    """Upload what can't be played; its owner is told so."""
    answer = user.post("/tracks", files={"file": (f"{name}.wav", b"no sound")})
    assert answer.status_code < 300, answer.text


def told(installation: Installation, user: httpx.Client, *names: str) -> None:
    """Have somebody been told of these files."""
    for number, name in enumerate(names, 1):
        break_song(user, name)

        def is_told(count: int = number) -> bool:
            return len(user.get("/notifications").json()["items"]) == count

        wait_for(is_told, f"the notice of {name}", context=installation.log)


def row(page: Page, name: str) -> Locator:
    return page.locator("tr[data-index]", has_text=f"“{name}” can't be played")


def bell(page: Page) -> Locator:
    return page.get_by_role("navigation", name="Main").get_by_role("link", name="Notices")


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def unread(user: httpx.Client) -> int:
    return user.get("/notifications/unread").json()["unread"]


def test_the_bell_counts_in_every_window_and_opening_makes_read(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    enter(page, installation, user)
    other = page.context.new_page()
    other.goto(f"{installation.url}/notifications")
    expect(other.get_by_text("Nothing yet")).to_be_visible()
    break_song(user, "Mañana")

    expect(bell(page)).to_have_accessible_name("Notices 1 new")
    expect(bell(other)).to_have_accessible_name("Notices 1 new")
    other.get_by_role("link", name="“Mañana” can't be played").click()
    expect(other).to_have_url(re.compile(r"/tracks/"))
    expect(bell(other)).to_have_accessible_name("Notices")
    expect(bell(page)).to_have_accessible_name("Notices")
    assert unread(user) == 0


def test_the_keyboard_is_enough_and_marks_can_be_taken_back(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    told(installation, user, "One", "Two", "Three")
    enter(page, installation, user, "/notifications")
    row(page, "Three").wait_for()
    picture(page, "all-wide")
    page.get_by_role("button", name="Mark all as read").press("Enter")
    expect(page.get_by_text("Marked 3 as read.")).to_be_visible()
    expect(bell(page)).to_have_accessible_name("Notices")
    page.get_by_role("button", name="Undo").press("Enter")
    expect(bell(page)).to_have_accessible_name("Notices 3 new")

    row(page, "Three").focus()
    page.keyboard.press("x")
    expect(bell(page)).to_have_accessible_name("Notices 2 new")
    page.keyboard.press("ArrowDown")
    expect(row(page, "Two")).to_be_focused()
    page.keyboard.press("Delete")
    expect(row(page, "Two")).to_have_count(0)
    expect(bell(page)).to_have_accessible_name("Notices 1 new")
    page.get_by_role("link", name="Unread").press("Enter")
    expect(row(page, "One")).to_be_visible()
    expect(row(page, "Three")).to_have_count(0)
    row(page, "One").focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/tracks/"))
    expect(bell(page)).to_have_accessible_name("Notices")


def test_a_change_while_another_is_on_its_way_comes_after_it(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    told(installation, user, "One", "Two")
    enter(page, installation, user, "/notifications")
    row(page, "Two").wait_for()
    page.get_by_role("button", name="Mark all as read").press("Enter")
    expect(page.get_by_text("Marked 2 as read.")).to_be_visible()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/v1/notifications/mark", hold)
    page.get_by_role("button", name="Undo").press("Enter")
    expect(bell(page)).to_have_accessible_name("Notices 2 new")
    row(page, "Two").focus()
    page.keyboard.press("x")
    expect(bell(page)).to_have_accessible_name("Notices 1 new")
    with page.expect_response(
        lambda answer: answer.request.method == "PATCH" and "/notifications/" in answer.url
    ):
        held.pop().continue_()

    assert unread(user) == 1
    expect(bell(page)).to_have_accessible_name("Notices 1 new")


def test_what_fails_rolls_back_and_says_why(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    told(installation, user, "One")
    enter(page, installation, user, "/notifications")
    row(page, "One").wait_for()
    page.route(
        "**/api/v1/notifications/*",
        lambda route: route.continue_() if route.request.method == "GET" else fail(route),
    )

    page.get_by_role("button", name="Mark all as read").click()
    expect(page.get_by_text("Nothing was marked. The database is away.")).to_be_visible()
    expect(bell(page)).to_have_accessible_name("Notices 1 new")
    page.get_by_role("button", name="Mark as read: “One”").click()
    expect(page.get_by_text("It stays unread. The database is away.")).to_be_visible()
    page.get_by_role("button", name="Delete: “One”").click()
    expect(page.get_by_text("It is still there. The database is away.")).to_be_visible()
    expect(row(page, "One")).to_be_visible()
    expect(bell(page)).to_have_accessible_name("Notices 1 new")


def test_what_is_chosen_is_kept(installation: Installation, page: Page, user: httpx.Client) -> None:
    enter(page, installation, user, "/notifications/settings")
    here = page.get_by_role("checkbox", name=re.compile("^Files of yours.*: here$"))
    expect(here).to_be_checked()
    expect(page.get_by_text("no mail server")).to_be_visible()
    with page.expect_response("**/api/v1/notifications/settings"):
        here.click()
    page.reload()
    expect(here).not_to_be_checked()
    assert user.get("/notifications/settings").json()["kinds"][0]["page"] is False

    page.route("**/api/v1/notifications/settings", fail)
    here.click()
    expect(page.get_by_text("All is as it was. The database is away.")).to_be_visible()
    expect(here).not_to_be_checked()


def is_choice(answer: Response) -> bool:
    """Whether it is the server's answer to a change of the settings."""
    return answer.request.method == "PATCH" and answer.url.endswith("/notifications/settings")


def test_a_digest_is_chosen_by_hour_and_zone(
    prepare: Callable[..., Installation], page: Page
) -> None:
    # Nobody has to answer there: it is only known that letters can be sent.
    installation = prepare(BACKLINE_SMTP_URL="smtp://127.0.0.1:9?from=music@example.org")
    installation.start()
    installation.wait_until_ready()
    with installation.administrator() as user:
        enter(page, installation, user, "/notifications/settings")
        daily = page.get_by_role("checkbox", name="One letter a day")
        with page.expect_response(is_choice):
            daily.click()
        expect(daily).to_be_checked()
        expect(page.get_by_text("until you have confirmed your address")).to_be_visible()
        for label, choice in (("At", "18"), ("Time zone", "Asia/Tokyo")):
            with page.expect_response(is_choice):
                page.get_by_label(label, exact=True).select_option(choice)
        page.reload()
        expect(page.get_by_label("At", exact=True)).to_have_value("18")
        expect(page.get_by_label("Time zone")).to_have_value("Asia/Tokyo")
        picture(page, "settings-wide")
        said = user.get("/notifications/settings").json()

    assert (said["digest"], said["digest_hour"]) == (True, 18)
    assert said["time_zone"] == "Asia/Tokyo"


def link(installation: Installation, user: httpx.Client, about: str) -> str:
    """A link as it stands in a letter to somebody."""
    links = Unsubscribing(load_secrets(installation.data / "secrets.json"), installation.url)
    return links.page(links.token(UUID(user.get("/users/me").json()["id"]), about))


def mailed(user: httpx.Client) -> bool:
    return user.get("/notifications/settings").json()["kinds"][0]["mail"]


def test_the_link_of_a_letter_asks_before_it_ends_them(
    installation: Installation, phone: Page, user: httpx.Client
) -> None:
    kinds = {"audio.failed": {"mail": True}}
    user.patch("/notifications/settings", json={"kinds": kinds})
    phone.goto(link(installation, user, "audio.failed"))
    expect(phone.get_by_text(f"You get letters about {KIND}.")).to_be_visible()
    expect(phone).to_have_url(f"{installation.url}/unsubscribe")
    picture(phone, "unsubscribe-phone")
    assert mailed(user) is True

    phone.get_by_role("button", name="No more letters about this").tap()
    expect(phone.get_by_text(f"You get no more letters about {KIND}.")).to_be_visible()
    assert mailed(user) is False
    phone.goto(f"{installation.url}/unsubscribe#forged")
    expect(phone.get_by_text("This link couldn't be used")).to_be_visible()
    phone.goto(f"{installation.url}/unsubscribe")
    expect(phone.get_by_text("The link is incomplete")).to_be_visible()


def test_a_phone_has_room_for_all(
    installation: Installation, phone: Page, user: httpx.Client
) -> None:
    told(installation, user, "A song with a very long name " * 4, "Two")
    enter(phone, installation, user, "/notifications")
    row(phone, "Two").wait_for()
    picture(phone, "all-phone")
    for path in PAGES:
        phone.goto(installation.url + path)
        phone.get_by_role("heading", level=1).first.wait_for(state="attached")
        expect(phone.get_by_role("status", name=re.compile("^Fetching"))).to_have_count(0)
        assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    picture(phone, "settings-phone")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(
    installation: Installation,
    page: Page,
    user: httpx.Client,
    theme: Literal["light", "dark"],
) -> None:
    page.emulate_media(color_scheme=theme)
    told(installation, user, "One", "Two")
    newest = user.get("/notifications").json()["items"][0]["id"]
    user.patch(f"/notifications/{newest}", json={"read": True})
    enter(page, installation, user)
    findings: list[str] = []
    for path in PAGES:
        findings += axe_findings(page, installation.url + path)
        picture(page, f"{theme}-{path.rpartition('/')[2]}")
    findings += axe_findings(page, link(installation, user, "digest"))
    picture(page, f"{theme}-unsubscribe")

    assert findings == []
