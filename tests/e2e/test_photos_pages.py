"""Photos in the browser: uploaded, scanned, seen by day and large, starred, deleted."""

import re
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import axe_findings
from tests.support.installation import PASSWORD, Installation
from tests.support.photos import BERLIN, jpeg, write

pytestmark = pytest.mark.concerts
PAGES = ("/photos", "/photos/places", "/photos/alike", "/photos/scans")


def enter(page: Page, installation: Installation, user: httpx.Client, path: str) -> None:
    """Sign in as that user, and go there."""
    page.goto(f"{installation.url}/sign-in")
    page.get_by_label("E-mail").fill(user.get("/users/me").json()["email"])
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page).to_have_url(re.compile(r"/$"))
    page.goto(installation.url + path)


def sample_folder(installation: Installation, name: str) -> Path:
    """A folder that this installation may scan."""
    folder = installation.data / "samples/photos" / name
    folder.mkdir(parents=True)
    for above in (folder, *folder.parents[:2]):
        above.chmod(0o755)
    return folder


def test_a_photo_is_uploaded_and_seen(
    installation: Installation, page: Page, user: httpx.Client, tmp_path: Path
) -> None:
    file = write(tmp_path / "night.jpg", jpeg(seed=1, width=1300, height=900, offset="+02:00"))
    enter(page, installation, user, "/photos")
    expect(page.get_by_role("heading", name="No photos yet")).to_be_visible()

    page.locator('input[type="file"][aria-label="Photos"]').set_input_files(file)

    expect(page.get_by_text("Among your photos")).to_be_visible()
    expect(page.get_by_role("heading", name="Thursday, 4 July 2019")).to_be_visible()
    page.get_by_role("link", name=re.compile("night.jpg")).click()
    expect(page.get_by_text("Thursday, 4 July 2019 at 21:30")).to_be_visible()
    expect(page.get_by_text("doesn't say where it was taken")).to_be_visible()
    picture = page.locator("picture img")
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("image => image.currentSrc").endswith(".webp")
    assert picture.evaluate("image => image.naturalWidth") > 0

    page.keyboard.press("s")
    expect(page.get_by_role("button", name="Star")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Edit", exact=True).first.click()
    page.get_by_label("What it shows").fill("The bass player")
    page.get_by_label("Place").fill("52.52, 13.405")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("52.520° N, 13.405° E")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name=re.compile("The bass player.*starred"))).to_be_visible()


def test_a_folder_is_scanned_and_walked_through(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    folder = sample_folder(installation, "walk")
    for n in range(4):
        taken = f"2022:05:0{n + 1} 20:00:00"
        write(folder / f"{n}.jpg", jpeg(seed=n + 30, taken=taken, place=BERLIN)).chmod(0o644)
    write(folder / "page.jpg", b"<html>").chmod(0o644)
    enter(page, installation, user, "/photos/scans")
    page.get_by_label("Folder on the server").fill("/etc")
    page.get_by_role("button", name="Scan", exact=True).click()
    expect(page.get_by_text("isn't open to scans")).to_be_visible()

    page.get_by_label("Folder on the server").fill(str(folder))
    page.get_by_role("button", name="Scan", exact=True).click()

    card = page.get_by_role("article")
    expect(card.get_by_text("Done")).to_be_visible()
    expect(card.get_by_text("5 of 5 files")).to_be_visible()
    card.get_by_role("button", name="1 failed").click()
    expect(card.get_by_text("whatever its name says")).to_be_visible()
    card.get_by_role("link", name="4 new photos").click()
    page.get_by_role("link", name=re.compile(r"^3\.jpg")).click()
    expect(page.get_by_role("heading", name="3.jpg", level=2)).to_be_visible()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("heading", name="2.jpg", level=2)).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(page.get_by_role("heading", name="3.jpg", level=2)).to_be_visible()
    page.get_by_role("button", name="Delete").click()
    expect(page.get_by_text("Deleted “3.jpg”.")).to_be_visible()
    page.get_by_role("button", name="Undo").click()
    page.goto(f"{installation.url}/photos/places")
    page.get_by_role("link", name="52.520° N, 13.405° E").click()
    expect(page.get_by_role("link", name=re.compile(r"\d\.jpg"))).to_have_count(4)


def test_pages_are_for_everybody_and_for_phones(
    installation: Installation, phone: Page, user: httpx.Client
) -> None:
    folder = sample_folder(installation, "phone")
    for n in range(3):
        data = jpeg(seed=60, nudge=n, taken=f"2022:05:01 20:00:0{n}", place=BERLIN)
        write(folder / f"{n}.jpg", data).chmod(0o644)
    form = {"source": {"kind": "folder", "path": str(folder)}}
    user.post("/scans", json=form).raise_for_status()
    enter(phone, installation, user, "/photos")
    expect(phone.get_by_role("link", name=re.compile(r"\d\.jpg"))).to_have_count(3)

    for path in PAGES:
        phone.goto(installation.url + path)
        expect(phone.get_by_role("heading", name="Photos", exact=True)).to_be_visible()
        expect(phone.locator("[role=status][aria-label^=Fetching]")).to_have_count(0)
        wide = phone.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, f"{path} scrolls sideways"
        assert axe_findings(phone) == [], path
    phone.goto(f"{installation.url}/photos")
    phone.get_by_role("link", name=re.compile(r"1\.jpg")).tap()
    expect(phone.get_by_role("button", name="Zoom in")).to_be_visible()
    assert axe_findings(phone) == []
