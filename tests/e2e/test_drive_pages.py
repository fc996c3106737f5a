"""Google Drive in the browser and under fire, with a stand-in for Google."""

import asyncio
import re
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx
import psutil
import pytest
from playwright.sync_api import Page, expect

from backline.concerts.demo.services.drive import Drive
from backline.concerts.demo.services.drive_library import Library
from backline.concerts.demo.services.server import StandIn, serving
from tests.concerts.drive.conftest import CLIENT, file
from tests.e2e.accessibility import axe_findings
from tests.e2e.test_photos_pages import enter
from tests.support.installation import Installation, wait_for

pytestmark = pytest.mark.concerts
PAGES = 6  # of a thousand


@contextmanager
def google(service: Drive) -> Iterator[StandIn]:
    """The stand-in, served by a thread for as long as the block lasts."""
    loop, opened = asyncio.new_event_loop(), threading.Event()
    done = asyncio.Event()
    there: list[StandIn] = []

    async def serve() -> None:
        async with serving(service) as stand_in:
            there.append(stand_in)
            opened.set()
            await done.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert opened.wait(30)
    try:
        yield there[0]
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join()
        loop.close()


def scan_of(client: httpx.Client, scan_id: str) -> dict[str, int | str]:
    return client.get(f"/scans/{scan_id}").raise_for_status().json()


def worker_of(installation: Installation) -> psutil.Process | None:
    children = psutil.Process(installation.pid).children(recursive=True)
    found = [one for one in children if "work" in one.cmdline()]
    return found[0] if found else None


def test_a_drive_is_connected_scanned_killed_and_connected_anew(
    prepare: Callable[..., Installation], page: Page
) -> None:
    service = Drive(Library([file(f"night-{n}") for n in range(PAGES * 1_000)]))
    with google(service) as stand_in:
        installation = prepare(BACKLINE_GOOGLE_URL=stand_in.url, **CLIENT)
        installation.start()
        installation.wait_until_ready()
        with installation.add_user() as user:
            enter(page, installation, user, "/photos/scans")
            card = page.get_by_role("region", name="Google Drive")
            expect(card.get_by_text("Not connected")).to_be_visible()

            # The token and the two lists begin, three pages come, the fourth doesn't.
            stand_in.spoil(*["well"] * 7, "hangs")
            card.get_by_role("button", name="Connect Google Drive").click()

            expect(page).to_have_url(re.compile("/photos/scans$"))
            expect(card.get_by_text("ada@example.com")).to_be_visible()
            scan_id = user.get("/scans").json()["items"][0]["id"]
            wait_for(lambda: int(scan_of(user, scan_id)["found"]) > 0, "a page")
            worker = worker_of(installation)
            assert worker is not None
            worker.send_signal(signal.SIGKILL)
            stand_in.mend()
            wait_for(lambda: scan_of(user, scan_id)["finished_at"], "the scan's end", limit_s=180)
            seen = scan_of(user, scan_id)
            days = user.get("/photos/days").json()["days"]

            scan = page.get_by_role("article", name=re.compile("Google Drive, ada"))
            expect(scan.get_by_text("6,000 new photos")).to_be_visible()
            assert axe_findings(page) == []
            scan.get_by_role("link", name="6,000 new photos").click()
            page.get_by_role("link", name=re.compile("night-")).first.click()
            link = page.get_by_role("link", name="Open it in Google Drive")
            expect(link).to_have_attribute("href", re.compile("^https://drive.google.com/file/d/"))

            service.account.revoke()
            page.goto(f"{installation.url}/photos/scans")
            card.get_by_role("button", name="Scan now").click()
            expect(card.get_by_text("Google has ended Backline's access")).to_be_visible()
            card.get_by_role("button", name="Connect anew").click()
            expect(card.get_by_text("ada@example.com")).to_be_visible()
            card.get_by_role("button", name="Disconnect").click()
            page.get_by_role("dialog").get_by_role("button", name="Disconnect").click()
            expect(card.get_by_text("Not connected")).to_be_visible()

    assert (seen["state"], seen["found"], seen["added"]) == ("done", 6_000, 6_000)
    assert days == [{"day": "2025-05-03", "count": 6_000}]


def test_what_is_missing_and_what_was_refused_is_told(
    installation: Installation, phone: Page, user: httpx.Client
) -> None:
    enter(phone, installation, user, "/photos/scans")
    card = phone.get_by_role("region", name="Google Drive")
    expect(card.get_by_text("BACKLINE_GOOGLE_CLIENT_SECRET")).to_be_visible()
    expect(card.get_by_text(f"{installation.url}/photos/drive")).to_be_visible()
    expect(card.get_by_role("button", name=re.compile("Connect"))).to_have_count(0)
    width_px = phone.evaluate("document.documentElement.scrollWidth")
    assert width_px <= 390

    phone.goto(f"{installation.url}/photos/drive?error=access_denied&state=x")
    expect(phone.get_by_text("agree at Google, so nothing was connected")).to_be_visible()
    expect(phone).to_have_url(re.compile("/photos/drive$"))
    phone.get_by_role("button", name="Back to the scans").click()
    expect(card).to_be_visible()
