"""What a person does in the browser: sign up, upload, play, seek, walk around; wide and phone."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import axe_findings
from tests.support import sounds
from tests.support.installation import PASSWORD, Installation

PREPARED_MS = 180_000
SECONDS = 90

pytestmark = [pytest.mark.audio, pytest.mark.accounts]


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("journey")
    tone = sounds.tone(folder / "tone.wav", SECONDS)
    return sounds.encoded(
        tone, folder / "song.flac", "-metadata", "title=Night drive", "-metadata", "artist=Tone"
    )


def sign_up(page: Page, installation: Installation, email: str) -> None:
    page.goto(installation.url)
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("Name").fill("Ada")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Make the account").click()
    expect(page).to_have_url(re.compile(r"/$"))


def upload_and_play(page: Page, song: Path) -> None:
    page.get_by_label("Music files").first.set_input_files(song)
    page.get_by_role("link", name="Library").first.click()
    play = page.get_by_role("button", name="Play Night drive").first
    play.wait_for(timeout=PREPARED_MS)
    expect(play).to_be_enabled(timeout=PREPARED_MS)
    play.click()
    expect_to_advance(page)


def slider_value(page: Page) -> int:
    slider = page.get_by_role("slider", name=re.compile("Position in")).first
    return int(slider.get_attribute("aria-valuenow") or "-1")


def expect_to_advance(page: Page) -> None:
    before = slider_value(page)
    page.wait_for_function(
        "(before) => Number(document.querySelector('[role=slider][aria-label^=Position]')"
        "?.getAttribute('aria-valuenow')) >= before + 2",
        arg=before,
    )


def test_a_person_signs_up_uploads_and_listens(
    installation: Installation, page: Page, song: Path
) -> None:
    sign_up(page, installation, "wide@example.org")
    upload_and_play(page, song)

    slider = page.get_by_role("slider", name=re.compile("Position in")).first
    slider.focus()
    page.keyboard.press("PageUp")
    page.wait_for_function(
        "() => Number(document.querySelector('[role=slider][aria-label^=Position]')"
        "?.getAttribute('aria-valuenow')) >= 30"
    )
    page.get_by_role("link", name="Home").first.click()
    expect_to_advance(page)
    page.get_by_role("button", name=re.compile("^Pause")).first.click()
    expect(page.get_by_role("button", name="Play", exact=True).first).to_be_visible()


def test_the_same_on_a_phone(installation: Installation, phone: Page, song: Path) -> None:
    sign_up(phone, installation, "phone@example.org")
    phone.get_by_label("Music files").first.set_input_files(song)
    phone.get_by_role("link", name="Library").first.click()
    play = phone.get_by_role("button", name="Play Night drive").first
    expect(play).to_be_enabled(timeout=PREPARED_MS)
    play.click()
    phone.get_by_role("region", name="Player").get_by_role("link").first.click()
    expect_to_advance(phone)
    phone.go_back()
    expect(phone.get_by_role("progressbar", name="Played").first).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(installation: Installation, page: Page, theme: str) -> None:
    page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    findings = axe_findings(page, installation.url + "/sign-in")
    sign_up(page, installation, f"axe-{theme}@example.org")
    for path in ("/", "/library", "/account"):
        findings += axe_findings(page, installation.url + path)

    assert findings == []
