"""What keeps an account one's own, in the browser: second factor, reset, sessions, tokens."""

import base64
import hashlib
import hmac
import re
import struct
import time

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import axe_findings
from tests.support.installation import ADMINISTRATOR, PASSWORD, Installation

STEP_S = 30
NEXT_PASSWORD = "another long password"  # noqa: S105  # of a user that lives as long as a test
NARROWEST = {"width": 360, "height": 740}

pytestmark = pytest.mark.accounts


def email_of(client: httpx.Client) -> str:
    return str(client.get("/users/me").raise_for_status().json()["email"])


def sign_in(page: Page, url: str, email: str, password: str = PASSWORD) -> None:
    page.goto(url + "/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()


def expect_home(page: Page) -> None:
    expect(page).to_have_url(re.compile(r"/$"))


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="You: account menu").click()
    page.get_by_role("menuitem", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


def code_of(secret: str, *, step: int) -> str:
    """RFC 6238 with SHA-1 and 6 digits, written down once more."""
    key = base64.b32decode(secret)
    mac = hmac.digest(key, struct.pack(">Q", step), hashlib.sha1)
    at = mac[-1] & 15
    return f"{int.from_bytes(mac[at : at + 4], 'big') % 2**31 % 10**6:06}"


def turn_on_second_factor(page: Page, url: str) -> tuple[str, int, list[str]]:
    """The secret, the step whose code is used up, and the recovery codes."""
    page.goto(url + "/account/security")
    page.get_by_role("button", name="Set up").click()
    page.get_by_role("dialog").get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    picture = page.get_by_role("img", name=re.compile("QR code"))
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.naturalWidth") > 0
    assert axe_findings(page) == []
    secret = page.get_by_role("dialog").locator("code").inner_text().replace(" ", "")
    step = int(time.time()) // STEP_S
    page.get_by_label("Code of the app").fill(code_of(secret, step=step))
    page.get_by_role("button", name="Turn it on").click()
    codes = page.get_by_role("list", name="Recovery codes").get_by_role("listitem")
    expect(codes).to_have_count(10)
    shown = codes.all_inner_texts()
    assert axe_findings(page) == []
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    assert all(code in download.value.path().read_text("utf-8") for code in shown)
    page.keyboard.press("Escape")
    expect(page.get_by_text("Keep them first")).to_be_visible()
    page.get_by_label("I have kept them").check()
    page.get_by_role("button", name="Done").click()
    expect(page.get_by_role("button", name="Turn off")).to_be_visible()
    return secret, step, shown


def test_a_second_factor_is_set_up_and_asked_for(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    email = email_of(user)
    sign_in(page, installation.url, email)
    expect_home(page)

    secret, used, recovery_codes = turn_on_second_factor(page, installation.url)
    sign_out(page)

    sign_in(page, installation.url, email)
    field = page.get_by_label("Code", exact=True)
    expect(field).to_be_focused()
    findings = axe_findings(page)
    field.fill("not it")
    page.keyboard.press("Enter")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    # The step of the set-up is used up; a step ahead is taken too.
    field.fill(code_of(secret, step=max(used + 1, int(time.time()) // STEP_S)))
    page.keyboard.press("Enter")
    expect_home(page)
    sign_out(page)

    sign_in(page, installation.url, email)
    page.get_by_role("button", name="Use a recovery code instead").click()
    page.get_by_label("Recovery code").fill(recovery_codes[3])
    page.keyboard.press("Enter")
    expect_home(page)
    assert findings == []


def test_a_forgotten_password_is_replaced_by_a_link_of_the_outbox(
    installation: Installation, page: Page, phone: Page, administrator: httpx.Client
) -> None:
    with installation.add_user() as forgetful:
        email = email_of(forgetful)
        phone.goto(installation.url + "/sign-in")
        phone.get_by_label("E-mail").fill(email)
        phone.get_by_role("link", name="Forgot your password?").click()
        expect(phone.get_by_label("E-mail")).to_have_value(email)
        phone.get_by_role("button", name="Send the link").click()
        expect(phone.get_by_role("heading", name="Asked for")).to_be_focused()

        sign_in(page, installation.url, ADMINISTRATOR)
        expect_home(page)
        page.goto(installation.url + "/admin/outbox")
        message = page.get_by_role("listitem").filter(has_text=email).filter(has_text="password")
        message.get_by_role("link").click()
        text = page.get_by_label("Text of the message").inner_text()
        assert axe_findings(page) == []
        page.keyboard.press("Escape")
        expect(message.get_by_role("link")).to_be_focused()

        link = re.search(r"http\S+/reset#\S+", text)
        assert link
        phone.goto(link[0])
        phone.get_by_label("New password").fill(NEXT_PASSWORD)
        expect(phone).to_have_url(re.compile(r"/reset$"))
        phone.get_by_role("button", name="Change the password").click()
        expect(phone.get_by_text("every device is signed out")).to_be_visible()
        assert forgetful.get("/users/me").status_code == httpx.codes.UNAUTHORIZED
        sign_in(phone, installation.url, email, NEXT_PASSWORD)
        expect_home(phone)


def test_a_revoked_session_is_signed_out(
    installation: Installation, page: Page, phone: Page, user: httpx.Client
) -> None:
    email = email_of(user)
    sign_in(page, installation.url, email)
    expect_home(page)
    sign_in(phone, installation.url, email)
    expect_home(phone)

    page.goto(installation.url + "/account/sessions")
    sessions = page.get_by_role("list", name="Sessions").get_by_role("listitem")
    expect(sessions).to_have_count(3)
    expect(sessions.filter(has_text="This one")).to_have_count(1)
    expect(sessions.filter(has_text="python-httpx")).to_have_count(1)
    sessions.get_by_role("button", name=re.compile("^Sign out Chrome on Linux")).click()
    expect(sessions).to_have_count(2)
    expect(page.get_by_text("Chrome on Linux is signed out.")).to_be_visible()
    phone.reload()
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()

    page.get_by_role("button", name="Sign out everywhere else").click()
    page.get_by_role("button", name="Sign out the others").click()
    expect(page.get_by_text("here and nowhere else")).to_be_visible()
    assert user.get("/users/me").status_code == httpx.codes.UNAUTHORIZED
    page.goto(installation.url + "/account/activity")
    expect(page.get_by_text(re.compile("^You signed out another"))).to_have_count(2)


def test_a_token_lets_a_program_in_until_it_is_deleted(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    sign_in(page, installation.url, email_of(user))
    expect_home(page)
    page.goto(installation.url + "/account/tokens")
    page.get_by_role("button", name="New token").click()
    page.get_by_label("Name").fill("Listener")
    findings = axe_findings(page)
    page.get_by_role("button", name="Make the token").click()
    token = page.get_by_role("dialog").locator("code").first.inner_text()

    with installation.client(token) as program:
        assert program.get("/tracks").status_code == httpx.codes.OK
        refused = program.patch("/users/me", json={"name": "Someone"})
        assert refused.status_code == httpx.codes.FORBIDDEN
        page.get_by_role("button", name="I have copied it").click()
        row = page.get_by_role("list", name="API tokens").get_by_role("listitem")
        expect(row).to_contain_text("Music: read")
        row.get_by_role("button", name="Delete the token Listener").click()
        page.get_by_role("button", name="Delete the token", exact=True).click()
        expect(page.get_by_text("No keys for programs")).to_be_visible()
        assert program.get("/tracks").status_code == httpx.codes.UNAUTHORIZED
    assert token not in page.content()
    assert findings == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_these_pages(
    installation: Installation, administrator: httpx.Client, phone: Page, theme: str
) -> None:
    phone.set_viewport_size(NARROWEST)  # type: ignore[arg-type]
    phone.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    findings: list[str] = []
    for path in ("/forgot", "/reset#wrong", "/verify#wrong"):
        findings += axe_findings(phone, installation.url + path)
    sign_in(phone, installation.url, ADMINISTRATOR)
    expect_home(phone)
    pages = [f"/account{part}" for part in ("", "/security", "/sessions", "/tokens", "/activity")]
    for path in [*pages, "/admin/outbox", "/admin/audit"]:
        findings += axe_findings(phone, installation.url + path)
        wide = phone.evaluate("document.documentElement.scrollWidth")
        assert wide <= NARROWEST["width"], path

    assert findings == []
