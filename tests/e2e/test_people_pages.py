"""Who is in a project, in the browser: invited, ranked, put out; and what each rank is shown."""

import re
from contextlib import ExitStack
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.test_boards_pages import column, keep_picture, project
from tests.e2e.test_tasks_pages import enter, fail, make
from tests.support.installation import PASSWORD, Installation, wait_for

pytestmark = pytest.mark.tasks


def link(owner: httpx.Client, project_id: str, rank: str = "editor", **more: Any) -> str:
    """The address of an invitation by link."""
    answer = owner.post(f"/projects/{project_id}/invitations", json={"rank": rank, **more})
    assert answer.status_code == 201, answer.text
    return answer.json()["url"]


def let_in(owner: httpx.Client, project_id: str, person: httpx.Client, rank: str) -> str:
    """Have somebody come into a project; their id."""
    token = link(owner, project_id, rank).partition("#")[2]
    person.post("/invitations/accept", json={"token": token}).raise_for_status()
    return person.get("/users/me").json()["id"]


def named(client: httpx.Client, name: str) -> httpx.Client:
    client.patch("/users/me", json={"name": name}).raise_for_status()
    return client


def members(client: httpx.Client, project_id: str) -> dict[str, str]:
    found = client.get(f"/projects/{project_id}/members").raise_for_status().json()["items"]
    return {one["name"]: one["rank"] for one in found}


def invitations(client: httpx.Client, project_id: str) -> list[dict[str, Any]]:
    return client.get(f"/projects/{project_id}/invitations").raise_for_status().json()["items"]


def test_invitations_are_made_shown_and_revoked(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    tour = project(user)["id"]
    enter(page, installation, user, f"/tasks/projects/{tour}/members")
    page.get_by_role("heading", name="Only you so far").wait_for()
    keep_picture(page, "members-alone")

    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_text("One person, by mail").click()
    page.get_by_label("E-mail").fill("drummer@example.org")
    page.get_by_label("As", exact=True).select_option("Commenter")
    expect(page.get_by_text("They can read everything in it and comment.")).to_be_visible()
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("An invitation is on its way to drummer@example.org.")).to_be_visible()
    (sent,) = invitations(user, tour)
    assert (sent["email"], sent["rank"]) == ("drummer@example.org", "commenter")

    page.get_by_role("button", name="Invite somebody").click()
    page.get_by_text("Several, by a link").click()
    page.get_by_label("For how many people").fill("3")
    page.get_by_role("button", name="Make the link").click()
    shown = page.get_by_role("dialog").locator("code")
    expect(shown).to_have_text(re.compile(r"/invitation#[\w-]{20,}$"))
    keep_picture(page, "members-link")
    page.get_by_role("button", name="I have copied it").click()
    expect(page.get_by_text("0 of 3 came by it")).to_be_visible()
    keep_picture(page, "members-invited")
    assert axe_findings(page) == []

    page.get_by_role("button", name="Revoke: The invitation of drummer@example.org").click()
    expect(page.get_by_text("drummer@example.org lets nobody in any more.")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Revoke"))).to_have_count(1)
    wait_for(lambda: len(invitations(user, tour)) == 1, "the invitation to be gone")

    page.route("**/api/v1/projects/*/invitations/*", fail)
    page.get_by_role("button", name="Revoke: The link for editors").click()
    expect(page.get_by_text("still counts. The database is away.")).to_be_visible()
    expect(page.get_by_text("0 of 3 came by it")).to_be_visible()


def test_somebody_new_registers_on_the_way_and_comes_in(
    installation: Installation, page: Page, phone: Page, user: httpx.Client
) -> None:
    tour = project(named(user, "Ada Sound"))["id"]
    address = link(user, tour, "commenter")
    enter(phone, installation, user, f"/tasks/projects/{tour}/members")
    phone.get_by_role("heading", name="Only you so far").wait_for()

    page.goto(address)
    expect(page).to_have_url(f"{installation.url}/invitation")
    page.get_by_role("heading", name="You are invited to a project").wait_for()
    keep_picture(page, "invitation-visitor")
    # Nor does a visitor who looks elsewhere first lose it.
    page.get_by_role("link", name="Sign in").click()
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name").fill("Ben Drums")
    page.get_by_label("E-mail").fill(f"ben-{tour}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()

    expect(page.get_by_role("heading", name="Join “Spring tour”?")).to_be_visible()
    expect(page.get_by_text("Ada Sound invites you as a commenter")).to_be_visible()
    keep_picture(page, "invitation-offer")
    assert axe_findings(page) == []
    page.reload()
    page.get_by_role("button", name="Join", exact=True).click()
    expect(page.get_by_role("heading", name="Spring tour", level=1)).to_be_visible()
    expect(page.get_by_text("I am a commenter")).to_be_visible()
    expect(page.get_by_role("region", name="An invitation")).to_have_count(0)
    # Who let them in sees them come.
    expect(phone.get_by_text("Ben Drums")).to_be_visible()
    assert members(user, tour) == {"Ada Sound": "owner", "Ben Drums": "commenter"}


def test_an_opened_invitation_waits_above_the_pages_and_ends_with_its_revocation(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    with installation.add_user() as other:
        tour = project(user)["id"]
        address = link(user, tour)
        page.goto(address)
        page.get_by_role("heading", name="You are invited to a project").wait_for()
        enter(page, installation, other)
        bar = page.get_by_role("region", name="An invitation")
        expect(bar).to_be_visible()
        (made,) = invitations(user, tour)
        user.delete(f"/projects/{tour}/invitations/{made['id']}").raise_for_status()
        bar.get_by_role("link", name="See the invitation").click()
        expect(page.get_by_text("This invitation lets nobody in any more")).to_be_visible()
        page.get_by_role("button", name="Go to your projects").click()
        page.get_by_role("heading", name="No projects yet").wait_for()
        expect(bar).to_have_count(0)


def test_the_owner_ranks_and_a_viewer_sees_no_button_that_would_be_refused(
    installation: Installation, page: Page, phone: Page, user: httpx.Client
) -> None:
    with installation.add_user() as viewer:
        tour = project(named(user, "Ada Sound"))["id"]
        make(user, "Book the van", project_id=tour)
        let_in(user, tour, named(viewer, "Vic Lights"), "viewer")
        enter(page, installation, user, f"/tasks/projects/{tour}/members")
        enter(phone, installation, viewer, f"/tasks/projects/{tour}/members")
        expect(phone.get_by_text("Ada Sound", exact=True)).to_be_visible()
        for name in ("Invite somebody", re.compile("^Remove"), re.compile("^Actions for")):
            expect(phone.get_by_role("button", name=name)).to_have_count(0)
        expect(phone.get_by_role("combobox")).to_have_count(0)
        expect(phone.get_by_role("button", name="Leave")).to_be_visible()
        keep_picture(phone, "members-viewer-phone")
        phone.get_by_role("link", name="Board").click()
        column(phone, "To do").get_by_role("link", name="Book the van").wait_for()
        expect(phone.get_by_label("New task in To do")).to_have_count(0)
        expect(phone.get_by_role("button", name=re.compile("^(Move|Actions)"))).to_have_count(0)

        keep_picture(page, "members")
        page.get_by_label("Rank of Vic Lights").select_option("Editor")
        expect(phone.get_by_label("New task in To do")).to_be_visible()
        assert members(user, tour)["Vic Lights"] == "editor"

        page.route("**/api/v1/projects/*/members/*", fail)
        page.get_by_label("Rank of Vic Lights").select_option("Viewer")
        expect(page.get_by_text("Vic Lights is still an editor. The database")).to_be_visible()
        expect(page.get_by_label("Rank of Vic Lights")).to_have_value("editor")
        assert axe_findings(page) == []
        assert axe_findings(phone) == []


def test_who_is_removed_sees_nothing_more_in_open_windows(
    installation: Installation, page: Page, phone: Page, user: httpx.Client
) -> None:
    with ExitStack() as stack:
        member = stack.enter_context(installation.add_user())
        tour = project(user)["id"]
        task = make(user, "Book the van", project_id=tour)
        member_id = let_in(user, tour, named(member, "Mia Bass"), "editor")
        enter(page, installation, member, f"/tasks/projects/{tour}")
        enter(phone, installation, member, f"/tasks/{task['id']}")
        column(page, "To do").get_by_role("link", name="Book the van").wait_for()
        phone.get_by_role("button", name="Edit", exact=True).wait_for()

        user.delete(f"/projects/{tour}/members/{member_id}").raise_for_status()

        expect(page.get_by_text("This project can't be shown")).to_be_visible()
        expect(phone.get_by_text("This task isn't here")).to_be_visible()
        for each in (page, phone):
            expect(each.get_by_text("Book the van")).to_have_count(0)
            expect(each.get_by_text("Spring tour")).to_have_count(0)


def test_a_member_leaves_after_being_told_what_that_means(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    with installation.add_user() as member:
        tour = project(named(user, "Ada Sound"))["id"]
        let_in(user, tour, named(member, "Mia Bass"), "editor")
        enter(page, installation, member, f"/tasks/projects/{tour}/members")
        page.get_by_role("button", name="Leave").click()
        expect(page.get_by_text("you need an invitation of Ada Sound")).to_be_visible()
        page.get_by_role("dialog").get_by_role("button", name="Leave").click()
        page.get_by_role("heading", name="No projects yet").wait_for()
        assert members(user, tour) == {"Ada Sound": "owner"}
