"""The web player as what it needs goes away: addresses, tracks, the network's speed."""

import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, Request, Route, expect

from tests.e2e.loudspeaker import HZ, RATE_HZ, forget, phases, recorded
from tests.e2e.test_gapless import open_library, titled
from tests.e2e.test_journey import PREPARED_MS
from tests.support import sounds
from tests.support.installation import Installation

# The long one isn't laid ahead at once to its end.
SHORT_S, LONG_S = 8, 72
MOST_TIMES = 3
# Carries the rung of 142 kbit/s and not that of 300.
SLOW_BYTES_PER_S = 25_000
MEDIA = re.compile(r"/media/.+\.m4a")
TOKEN = re.compile(r"(?<=/media/)[^/]+")
STREAM = re.compile(r"/api/v1/tracks/[^/]+/stream")
LAID_TO = "window.tap.element.buffered.end(window.tap.element.buffered.length - 1)"

pytestmark = [pytest.mark.audio, pytest.mark.slow]


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("songs")
    lengths = {"Alto": SHORT_S, "Bass": SHORT_S, "Choir": SHORT_S, "Dirge": LONG_S}
    return {
        title: sounds.encoded(
            sounds.tone(folder / f"{title}.wav", seconds, hz=HZ),
            folder / f"{title}.flac",
            *titled(title),
        )
        for title, seconds in lengths.items()
    }


def play(page: Page, title: str) -> None:
    page.get_by_role("table").get_by_role("button", name=f"Play {title}").click()
    page.wait_for_function("window.tap.element?.currentTime > 0.2")


def test_an_address_that_runs_out_is_renewed_while_playing_goes_on(
    installation: Installation, page: Page, songs: dict[str, Path]
) -> None:
    open_library(page, installation, "runs-out@example.org", [songs["Dirge"]])
    given: list[str] = []
    page.on("request", lambda asked: given.extend(STREAM.findall(asked.url)))
    play(page, "Dirge")
    reel = page.evaluate("window.tap.element.src")
    refused: list[int] = []

    def run_out(route: Route) -> None:
        """The server is shown a token that no longer holds until the page has asked for another."""
        if len(given) > 1:
            route.continue_()
            return
        old = TOKEN.sub(lambda token: f"0{token[0][1:]}", route.request.url)
        answer = route.fetch(url=old)
        refused.append(answer.status)
        route.fulfill(response=answer)

    page.route(MEDIA, run_out)
    page.wait_for_function(f"{LAID_TO} > {LONG_S} - 0.1", timeout=PREPARED_MS)

    assert refused == [403]
    assert len(given) == 2
    # Nothing had to begin anew.
    assert page.evaluate("window.tap.element.src") == reel
    assert page.evaluate("window.tap.element.paused") is False


def test_a_next_track_that_is_gone_is_told_only_when_it_is_its_turn(
    installation: Installation, page: Page, songs: dict[str, Path]
) -> None:
    open_library(page, installation, "gone@example.org", [songs["Alto"], songs["Bass"]])
    asked: list[str] = []

    def lose(route: Route) -> None:
        """Only of the track that is asked for first there is something."""
        asked.append(route.request.url)
        nobody = re.sub(r"(?<=/tracks/)[^/]+", f"{0:08}-0000-7000-8000-{0:012}", asked[-1])
        route.continue_(url=asked[0] if asked[-1] == asked[0] else nobody)

    page.route(STREAM, lose)
    play(page, "Alto")
    bar = page.get_by_role("region", name="Player")
    page.wait_for_function("window.tap.element.ended", timeout=PREPARED_MS)
    sound, _ = recorded(page)

    expect(bar).to_contain_text("“Bass” can't be played")
    assert len(sound) == pytest.approx(SHORT_S * RATE_HZ, abs=1024)
    assert np.ptp(phases(sound)) < 0.5


def test_what_comes_next_can_change_while_it_is_being_found(
    installation: Installation, page: Page, songs: dict[str, Path]
) -> None:
    three = [songs[title] for title in ("Alto", "Bass", "Choir")]
    open_library(page, installation, "overtaken@example.org", three)
    held: list[Route] = []
    asked: list[str] = []

    def hold(route: Route) -> None:
        """The second address that is asked for is late."""
        asked.append(route.request.url)
        if len(asked) == 2:
            held.append(route)
        else:
            route.continue_()

    page.route(STREAM, hold)
    with page.expect_request(lambda request: is_second(request, asked)):
        play(page, "Alto")
    bar = page.get_by_role("region", name="Player")
    bar.get_by_role("button", name="Pause", exact=True).click()
    bar.get_by_role("link").first.click()
    page.get_by_role("button", name="Actions for Bass").click()
    page.get_by_role("menuitem", name="Take out").click()
    expect(page.get_by_role("button", name="Actions for Bass")).to_have_count(0)
    held[0].continue_()
    page.wait_for_function(f"{LAID_TO} > {2 * SHORT_S} - 0.1", timeout=PREPARED_MS)
    bar.get_by_role("button", name="Play", exact=True).click()
    page.wait_for_function(f"window.tap.element.currentTime > {SHORT_S} + 1", timeout=PREPARED_MS)

    expect(bar).to_contain_text("Choir")
    assert len(set(asked)) == 3


def is_second(request: Request, asked: list[str]) -> bool:
    return STREAM.search(request.url) is not None and request.url not in asked[:1]


def test_a_track_behind_another_can_be_sought_to_its_end(
    installation: Installation, page: Page, songs: dict[str, Path]
) -> None:
    open_library(page, installation, "far@example.org", [songs["Choir"], songs["Dirge"]])
    play(page, "Choir")
    bar = page.get_by_role("region", name="Player")
    expect(bar).to_contain_text("Dirge", timeout=PREPARED_MS)

    bar.get_by_role("slider", name="Position").press("End")
    page.wait_for_function("!window.tap.element.seeking")

    assert page.evaluate("window.tap.element.currentTime") > SHORT_S + LONG_S - 1


def test_a_slow_network_is_given_a_lower_rung_without_a_gap(
    installation: Installation, page: Page, tmp_path: Path
) -> None:
    tone = sounds.tone(tmp_path / "tone.wav", 30, hz=HZ)
    song = sounds.encoded(tone, tmp_path / "Elegy.flac", *titled("Elegy"))
    open_library(page, installation, "slow@example.org", [song])
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    slow = {"offline": False, "latency": 50, "uploadThroughput": -1}
    network.send(
        "Network.emulateNetworkConditions", slow | {"downloadThroughput": SLOW_BYTES_PER_S}
    )
    fetched: list[str] = []
    page.on("request", lambda asked: fetched.extend(re.findall(r"/(\w+)\.m4a", asked.url)))
    for _ in range(MOST_TIMES):
        forget(page)
        play(page, "Elegy")
        page.wait_for_function("window.tap.element.ended", timeout=PREPARED_MS)
        sound, waited = recorded(page)
        if not waited:
            break
    else:
        pytest.fail("it never played through without waiting")

    assert fetched[0] == "high"
    assert fetched[-1] in {"low", "medium"}
    assert abs(len(sound) - 30 * RATE_HZ) <= 3
    assert np.ptp(phases(sound)) < 0.8
