"""App passwords in the browser: made, shown once, let a player in, revoked."""

import hashlib
import re

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import axe_findings
from tests.support.installation import PASSWORD, Installation

pytestmark = [pytest.mark.accounts, pytest.mark.audio]


def ping(installation: Installation, email: str, password: str) -> str:
    token = hashlib.md5(f"{password}salt".encode()).hexdigest()  # noqa: S324
    asked = {"u": email, "t": token, "s": "salt", "f": "json", "v": "1.16.1", "c": "tests"}
    answer = httpx.get(f"{installation.url}/rest/ping.view", params=asked, timeout=60)
    return str(answer.json()["subsonic-response"]["status"])


def test_an_app_password_lets_a_player_in_until_it_is_revoked(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    email = str(user.get("/users/me").raise_for_status().json()["email"])
    page.goto(installation.url + "/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto(installation.url + "/account/apps")
    expect(page.get_by_text("No apps connected")).to_be_visible()
    expect(page.get_by_role("heading", name="Connect a player")).to_be_visible()
    page.get_by_role("button", name="New app password").click()
    page.get_by_label("Name").fill("Phone")
    page.get_by_role("button", name="Make the app password").click()
    password = page.get_by_role("dialog").locator("code").first.inner_text()
    findings = axe_findings(page)

    assert ping(installation, email, password) == "ok"
    page.get_by_role("button", name="I have copied it").click()
    row = page.get_by_role("list", name="App passwords").get_by_role("listitem")
    expect(row).to_contain_text("Phone")
    findings += axe_findings(page)
    row.get_by_role("button", name="Revoke the app password Phone").click()
    page.get_by_role("button", name="Revoke the app password", exact=True).click()
    expect(page.get_by_text("No apps connected")).to_be_visible()
    assert ping(installation, email, password) == "failed"
    assert password not in page.content()
    assert findings == []
