"""Live shows in the browser, with an encoder and destinations of our own behind `backline up`."""

import asyncio
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.browser import PATIENCE_MS
from tests.support import rtmp
from tests.support.installation import PASSWORD, Installation, free_port, running

pytestmark = pytest.mark.live


class Air:
    """A thread with sinks, and an encoder once it is told a key; made by `on_air`."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ready = threading.Event()
        self._begin, self._end = threading.Event(), threading.Event()
        self._key = ""
        self.good = self.bad = ""
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)

    def start(self) -> None:
        """Have the sinks listen."""
        self._thread.start()
        assert self._ready.wait(30)

    def stop(self) -> None:
        """End whatever goes on."""
        self._end.set()
        self._begin.set()
        self._thread.join(30)

    def publish(self, stream_key: str) -> None:
        """Have the encoder begin."""
        self._key = stream_key
        self._begin.set()

    async def _run(self) -> None:
        async with rtmp.sink_server() as good, rtmp.sink_server() as bad:
            bad.refusal = "This stream key has been disabled."
            self.good, self.bad = good.url, bad.url
            self._ready.set()
            await asyncio.to_thread(self._begin.wait)
            if not self._end.is_set():
                await self._show()

    async def _show(self) -> None:
        async with rtmp.encoder(self._port, self._key) as encoder:
            await encoder.send_all(rtmp.opening())
            number = 0
            while not (self._end.is_set() or encoder.lost.done()):
                await encoder.send_paced(rtmp.frames(1, first=number, gop_ms=5_000))
                number += 25
            encoder.finish()


@contextmanager
def on_air(port: int) -> Iterator[Air]:
    """Sinks, and an encoder for that port."""
    air = Air(port)
    air.start()
    try:
        yield air
    finally:
        air.stop()


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[Installation, int]]:
    """An installation that takes shows in, and at which port."""
    port = free_port()
    settings = {"BACKLINE_RTMP_PORT": str(port), "BACKLINE_ALLOW_PRIVATE_DESTINATIONS": "true"}
    with running(**settings) as made:
        yield made, port


@contextmanager
def person(installation: Installation, page: Page) -> Iterator[httpx.Client]:
    """Somebody new, signed in on the page too."""
    with installation.add_user() as user:
        page.goto(f"{installation.url}/sign-in")
        page.get_by_label("E-mail").fill(user.get("/users/me").json()["email"])
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page).to_have_url(re.compile(r"/$"))
        yield user


def make(user: httpx.Client, *destinations: tuple[str, str]) -> dict[str, Any]:
    project = user.post("/live/projects", json={"name": "Friday"}).json()
    for name, url in destinations:
        form = {"name": name, "url": url, "stream_key": "a-key", "preset": "twitch"}
        answer = user.post(f"/live/projects/{project['id']}/destinations", json=form)
        assert answer.status_code == 201, answer.text
    return project


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("listitem", name=name)


def test_a_project_is_made_and_its_first_destination_added(
    house: tuple[Installation, int], page: Page
) -> None:
    installation, port = house
    with person(installation, page) as user:
        page.goto(f"{installation.url}/live")
        page.get_by_role("button", name="Make your first project").click()
        page.get_by_label("Name").fill("Friday rehearsal")
        page.get_by_role("button", name="Make it").click()
        expect(page.get_by_role("heading", name="Friday rehearsal")).to_be_visible()
        expect(page.get_by_text(f"rtmp://127.0.0.1:{port}/live")).to_be_visible()

        page.get_by_role("button", name="Add a destination").click()
        page.get_by_label("Search platforms").fill("youtu")
        page.get_by_label("Search platforms").press("Enter")
        key = page.get_by_label("Stream key", exact=True)
        key.fill("abcd-efgh")
        assert key.evaluate("field => getComputedStyle(field).webkitTextSecurity") == "disc"
        page.get_by_role("button", name="Add it").click()
        expect(card(page, "YouTube")).to_contain_text("Ready")
        (project,) = user.get("/live/projects").json()["items"]
        (made,) = user.get(f"/live/projects/{project['id']}/destinations").json()["items"]
        assert made["url"].startswith("rtmps://a.rtmps.youtube.com")

        card(page, "YouTube").get_by_role("button", name="Actions").click()
        page.get_by_role("menuitem", name="Remove").click()
        expect(page.get_by_text("It goes nowhere yet")).to_be_visible()
        page.get_by_role("button", name="Undo").click()
        expect(card(page, "YouTube")).to_contain_text("Ready")


def test_the_stream_key_is_hidden_until_it_is_asked_for(
    house: tuple[Installation, int], page: Page
) -> None:
    installation, _ = house
    with person(installation, page) as user:
        project = make(user)
        page.goto(f"{installation.url}/live/{project['id']}")
        page.get_by_role("button", name="Show the stream key").wait_for()
        assert project["stream_key"] not in page.content()

        page.get_by_role("button", name="Show the stream key").click()
        expect(page.get_by_text(project["stream_key"])).to_be_visible()
        page.get_by_role("button", name="Hide the stream key").click()
        expect(page.get_by_text(project["stream_key"])).to_have_count(0)
        page.get_by_role("button", name="New key").click()
        page.get_by_role("button", name="Make a new key").click()
        expect(page.get_by_role("button", name="Hide the stream key")).to_be_visible()
        seen = user.get("/users/me/audit").json()["items"]
        assert {"live.key-show", "live.key-renew"} <= {one["action"] for one in seen}


def test_a_show_is_watched_switched_and_stopped(
    house: tuple[Installation, int], page: Page
) -> None:
    installation, port = house
    with on_air(port) as air, person(installation, page) as user:
        project = make(user, ("Good", air.good), ("Bad", air.bad))
        page.goto(f"{installation.url}/live/{project['id']}")
        expect(page.get_by_role("heading", name="Off air")).to_be_visible()
        air.publish(project["stream_key"])

        live = page.get_by_role("heading", name="Live", exact=True)
        expect(live).to_be_visible(timeout=PATIENCE_MS)
        expect(card(page, "Good")).to_contain_text("kbit/s", timeout=PATIENCE_MS)
        expect(card(page, "Bad")).to_contain_text("This stream key has been disabled.")
        expect(page.get_by_text(re.compile("640 . 360"))).to_be_visible()
        advice = page.get_by_text("a keyframe every 5.0 s")
        expect(advice).to_be_visible(timeout=PATIENCE_MS)
        assert axe_findings(page) == []

        switch = card(page, "Good").get_by_role("switch")
        switch.press("Space")
        expect(card(page, "Good")).to_contain_text("Off")
        switch.press("Space")
        expect(card(page, "Good")).to_contain_text("kbit/s", timeout=PATIENCE_MS)

        page.get_by_role("button", name="Stop", exact=True).click()
        page.get_by_role("button", name="Stop the show").click()
        expect(page.get_by_role("heading", name="Stopped")).to_be_visible()
        page.get_by_role("button", name="Let the encoder in again").click()
        expect(page.get_by_role("heading", name="Off air")).to_be_visible()
        expect(page.get_by_text("Stopped here")).to_be_visible()


@pytest.mark.slow
def test_a_show_is_drawn_as_it_goes_on(house: tuple[Installation, int], page: Page) -> None:
    installation, port = house
    with on_air(port) as air, person(installation, page) as user:
        project = make(user, ("Good", air.good))
        page.goto(f"{installation.url}/live/{project['id']}")
        air.publish(project["stream_key"])
        page.get_by_role("region", name="Shows").get_by_role("link").click()
        expect(page.get_by_text("The first point comes after 30 s.")).to_be_visible()

        came_in = page.get_by_role("figure", name="What came in")
        expect(came_in).to_be_visible(timeout=4 * PATIENCE_MS)
        came_in.get_by_text("The same as a table").press("Enter")
        expect(came_in.get_by_role("columnheader", name="Came in, Mbit/s")).to_be_visible()
        good = page.get_by_role("region", name="Good")
        expect(good.get_by_role("figure", name="Lag")).to_be_visible()
        expect(good).to_contain_text("No frames lost")
        assert axe_findings(page) == []
        page.get_by_role("link", name="Friday").click()
        expect(page.get_by_role("heading", name="Live", exact=True)).to_be_visible()


def test_a_phone_has_room_for_all(house: tuple[Installation, int], phone: Page) -> None:
    installation, _ = house
    with person(installation, phone) as user:
        project = make(user, ("A name that goes on and on " * 3, "rtmp://192.0.2.1/app"))
        for path in ("/live", f"/live/{project['id']}"):
            phone.goto(installation.url + path)
            phone.get_by_role("heading", level=1).first.wait_for(state="attached")
            expect(phone.get_by_role("status", name=re.compile("^Fetching"))).to_have_count(0)
            assert phone.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(house: tuple[Installation, int], page: Page, theme: Any) -> None:
    installation, _ = house
    page.emulate_media(color_scheme=theme)
    with person(installation, page) as user:
        findings = axe_findings(page, f"{installation.url}/live")
        project = make(user, ("Ours", "rtmp://192.0.2.1/app"))
        findings += axe_findings(page, f"{installation.url}/live")
        findings += axe_findings(page, f"{installation.url}/live/{project['id']}")
        page.get_by_role("button", name="Add a destination").click()
        findings += axe_findings(page)
        page.get_by_role("button", name="TikTok").click()
        findings += axe_findings(page)

    assert findings == []


def test_what_fails_rolls_back_and_says_why(house: tuple[Installation, int], page: Page) -> None:
    installation, _ = house
    away: dict[str, Any] = {"title": "Away", "detail": "The database is away."}
    fail: Callable[[Any], None] = lambda route: route.fulfill(  # noqa: E731
        status=503, content_type="application/problem+json", json=away
    )
    with person(installation, page) as user:
        project = make(user, ("Ours", "rtmp://192.0.2.1/app"))
        page.goto(f"{installation.url}/live/{project['id']}")
        switch = card(page, "Ours").get_by_role("switch")
        switch.wait_for()
        page.route("**/destinations/*", fail)

        switch.click()
        expect(page.get_by_text("“Ours” is still on. The database is away.")).to_be_visible()
        expect(switch).to_be_checked()
