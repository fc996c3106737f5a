"""The preview in a browser: a real encoder's picture moves, waits with a reason, and goes on."""

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.browser import PATIENCE_MS
from tests.support import films, sounds
from tests.support.installation import PASSWORD, Installation, free_port, running, wait_for

pytestmark = pytest.mark.live

# Colours of the picture that is shown, each of three bits; what is dark or grey has one or two.
COLOURS = """video => {
  const canvas = document.createElement("canvas");
  canvas.width = 64;
  canvas.height = 36;
  const context = canvas.getContext("2d");
  context.drawImage(video, 0, 0, 64, 36);
  const { data } = context.getImageData(0, 0, 64, 36);
  const found = new Set();
  for (let at = 0; at < data.length; at += 4) {
    found.add((data[at] >> 7) << 2 | (data[at + 1] >> 7) << 1 | (data[at + 2] >> 7));
  }
  return found.size;
}"""
STARTED = re.compile(r"^backline_live_preview_start_seconds_count [1-9]", re.MULTILINE)
FRAMES = "video => video.getVideoPlaybackQuality().totalVideoFrames"
MOVES = "([video, frames]) => video.getVideoPlaybackQuality().totalVideoFrames > frames"


@pytest.fixture(scope="module")
def house() -> Iterator[tuple[Installation, int, int]]:
    """An installation that takes shows in; where, and where the figures of its pages are."""
    port, metrics = free_port(), free_port()
    settings = {"BACKLINE_RTMP_PORT": str(port), "BACKLINE_METRICS_PORT": str(metrics)}
    with running(**settings) as made:
        yield made, port, metrics


@contextmanager
def publishing(port: int, stream_key: str, *options: str, size: str = "320x180") -> Iterator[None]:
    """ffmpeg as an encoder, with a film that begins anew whenever it ends."""
    source = ("-re", "-stream_loop", "-1", "-i", str(films.film(size=size)))
    url = f"rtmp://127.0.0.1:{port}/live/{stream_key}"
    process = subprocess.Popen(
        [sounds.ffmpeg(), "-nostdin", "-loglevel", "error", *source, *options, "-f", "flv", url],
        stderr=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.kill()
        process.wait()


@contextmanager
def room(installation: Installation, page: Page) -> Iterator[dict[str, str]]:
    """The control room of a new project, whose owner is signed in on the page."""
    with installation.add_user() as user:
        page.goto(f"{installation.url}/sign-in")
        page.get_by_label("E-mail").fill(user.get("/users/me").json()["email"])
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page).to_have_url(re.compile(r"/$"))
        project = user.post("/live/projects", json={"name": "Friday"}).json()
        page.goto(f"{installation.url}/live/{project['id']}")
        expect(page.get_by_role("heading", name="Off air")).to_be_visible()
        yield project


def picture(page: Page) -> Locator:
    return page.get_by_role("region", name="Preview").locator("video")


def assert_it_moves(page: Page) -> None:
    """Further frames are shown."""
    video = picture(page).element_handle()
    frames = picture(page).evaluate(FRAMES)
    page.wait_for_function(MOVES, arg=[video, frames], timeout=2 * PATIENCE_MS)


def test_the_picture_of_a_show_is_seen(house: tuple[Installation, int, int], page: Page) -> None:
    installation, port, metrics = house
    with room(installation, page) as project:
        expect(page.get_by_role("region", name="Preview")).to_have_count(0)
        with publishing(port, project["stream_key"], "-c", "copy"):
            sound = page.get_by_role("button", name="Turn the preview's sound on")
            expect(sound).to_be_visible(timeout=2 * PATIENCE_MS)
            assert_it_moves(page)
            assert picture(page).evaluate(COLOURS) >= 5
            assert picture(page).evaluate("video => [video.videoWidth, video.videoHeight]") == [
                320,
                180,
            ]
            assert axe_findings(page) == []
            assert picture(page).evaluate("video => video.muted")
            sound.click()
            expect(page.get_by_role("button", name="Turn the preview's sound off")).to_be_visible()
            assert not picture(page).evaluate("video => video.muted")
            assert_it_moves(page)
            page.get_by_role("link", name="Live", exact=True).first.click()  # which tells figures
            expect(picture(page)).to_have_count(0)

            def is_counted() -> bool:
                text = httpx.get(f"http://127.0.0.1:{metrics}/metrics", timeout=60).text
                return bool(
                    re.search(
                        r"^backline_live_preview_start_seconds_count [1-9]", text, re.MULTILINE
                    )
                )

            wait_for(is_counted, "the figures of the preview")


def test_what_the_preview_waits_for_is_told_and_it_begins_by_itself(
    house: tuple[Installation, int, int], page: Page
) -> None:
    installation, port, _ = house
    with room(installation, page) as project:
        asked = {"n": 0}

        def refuse(route: object) -> None:
            asked["n"] += 1
            if asked["n"] > 2:
                route.continue_()  # type: ignore[attr-defined]
                return
            detail = "This server shows as many previews as it may at the moment."
            route.fulfill(  # type: ignore[attr-defined]
                status=503, content_type="application/problem+json", json={"detail": detail}
            )

        page.route("**/index.m3u8", refuse)
        with publishing(port, project["stream_key"], "-c", "copy"):
            words = page.get_by_text("as many previews as it may")
            expect(words).to_be_visible(timeout=2 * PATIENCE_MS)
            expect(page.get_by_role("button", name="Turn the preview's sound on")).to_be_visible(
                timeout=2 * PATIENCE_MS
            )
            assert_it_moves(page)


def choose_smaller_sizes(page: Page) -> None:
    """In the settings of the project."""
    page.get_by_role("button", name="Actions for Friday").click()
    page.get_by_role("menuitem", name="Settings").click()
    page.get_by_label("Make the preview in smaller sizes, too").check()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("dialog")).to_have_count(0)


def assert_it_fits_a_slow_connection(page: Page) -> None:
    """A smaller size is made, plays when the connection gets slow, and is named."""
    expect(page.get_by_text("360p", exact=True).first).to_be_visible(timeout=2 * PATIENCE_MS)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 20, "uploadThroughput": -1, "downloadThroughput": 150_000}
    network.send("Network.emulateNetworkConditions", slow)
    preview = page.get_by_role("region", name="Preview")
    expect(preview.get_by_text("360p", exact=True)).to_be_visible(timeout=2 * PATIENCE_MS)
    page.wait_for_function(
        "video => video.videoHeight === 360",
        arg=picture(page).element_handle(),
        timeout=2 * PATIENCE_MS,
    )
    assert_it_moves(page)
    network.send("Network.emulateNetworkConditions", slow | {"downloadThroughput": -1})
    network.detach()


def test_the_picture_goes_on_in_a_smaller_size_and_when_its_encoder_is_back(
    house: tuple[Installation, int, int], page: Page
) -> None:
    installation, port, _ = house
    with room(installation, page) as project:
        choose_smaller_sizes(page)
        with publishing(port, project["stream_key"], "-c", "copy", size="854x480"):
            expect(page.get_by_role("button", name="Turn the preview's sound on")).to_be_visible(
                timeout=2 * PATIENCE_MS
            )
            assert_it_moves(page)
            assert_it_fits_a_slow_connection(page)
        expect(page.get_by_role("heading", name="Waiting for the encoder")).to_be_visible(
            timeout=2 * PATIENCE_MS
        )
        with publishing(port, project["stream_key"], "-c", "copy"):
            expect(page.get_by_role("heading", name="Live", exact=True)).to_be_visible(
                timeout=2 * PATIENCE_MS
            )
            for _ in range(3):  # what was still in the buffer isn't enough for that
                picture(page).evaluate("video => { video.dataset.at = video.currentTime + 2 }")
                page.wait_for_function(
                    "video => video.currentTime > Number(video.dataset.at)",
                    arg=picture(page).element_handle(),
                    timeout=2 * PATIENCE_MS,
                )
