"""Our manifests in players of others, as the network slows down: hls.js, shaka-player."""

import re
from pathlib import Path

import httpx
import numpy as np
import pytest
from playwright.sync_api import Page

from tests.e2e.loudspeaker import HZ, RATE_HZ, listen, phases, recorded
from tests.support import sounds
from tests.support.installation import Installation
from tests.support.library import ready, stream_url
from tests.support.tree import ROOT

SECONDS = 40
# The lowest rungs are 77 and 142 kbit/s, the highest 300: this carries those and not that.
SLOW_BYTES_PER_S = 25_000
MOST_TIMES = 3
PATIENCE_MS = 180_000

pytestmark = [pytest.mark.audio, pytest.mark.slow]

# It begins with the best rung, and fetches as it plays.
HLS = """(url) => {
  const audio = new Audio();
  const context = new AudioContext();
  context.createMediaElementSource(audio).connect(context.destination);
  window.faults = [];
  const hls = new Hls({ enableWorker: false, startLevel: 2, testBandwidth: false,
    abrEwmaDefaultEstimate: 5e6, maxBufferLength: 12, maxMaxBufferLength: 12 });
  hls.on(Hls.Events.ERROR, (_, data) => window.faults.push(data.details));
  hls.loadSource(url);
  hls.attachMedia(audio);
  audio.play();
}"""
SHAKA = """async (url) => {
  const audio = new Audio();
  const context = new AudioContext();
  context.createMediaElementSource(audio).connect(context.destination);
  window.faults = [];
  const player = new shaka.Player();
  player.addEventListener("error", ({ detail }) => window.faults.push(detail.code));
  player.configure({ abr: { defaultBandwidthEstimate: 5e6, switchInterval: 1,
    useNetworkInformation: false }, streaming: { bufferingGoal: 12 } });
  await player.attach(audio);
  await player.load(new URL(url, location.href).href);
  audio.play();
}"""


@pytest.mark.parametrize(
    ("script", "play", "choice"),
    [
        pytest.param("hls.js/dist/hls.min.js", HLS, "hls", id="hls.js"),
        pytest.param("shaka-player/dist/shaka-player.compiled.js", SHAKA, "dash", id="shaka"),
    ],
)
def test_a_tone_goes_on_as_the_rung_changes(
    installation: Installation,
    user: httpx.Client,
    page: Page,
    tmp_path: Path,
    script: str,
    play: str,
    choice: str,
) -> None:
    tone = sounds.tone(tmp_path / "tone.wav", SECONDS, hz=HZ)
    url = stream_url(user, ready(user, tone)["id"], quality="auto", format=choice)
    listen(page)
    for _ in range(MOST_TIMES):
        fetched: list[str] = []
        page.on("request", lambda request, to=fetched: to.extend(rungs_in(request.url)))
        page.goto(installation.url)
        page.add_script_tag(path=ROOT / "web/node_modules" / script)
        network = page.context.new_cdp_session(page)
        network.send("Network.enable")
        page.evaluate(play, url)
        page.wait_for_function("window.tap.element?.currentTime > 1")
        slow = {"offline": False, "latency": 50, "uploadThroughput": -1}
        slow["downloadThroughput"] = SLOW_BYTES_PER_S
        network.send("Network.emulateNetworkConditions", slow)
        page.wait_for_function("window.tap.element.ended", timeout=PATIENCE_MS)
        sound, waited = recorded(page)
        network.detach()
        if not waited:
            break
    else:
        pytest.fail("it never played through without waiting")

    assert page.evaluate("window.faults") == []
    assert fetched[0] == "high"
    assert fetched[-1] in {"low", "medium"}
    # What the encoder filled its last frame up with may be heard.
    assert 0 <= len(sound) + 3 - SECONDS * RATE_HZ < 1024 + 6
    assert np.ptp(phases(sound[: (SECONDS - 1) * RATE_HZ])) < 0.8


def rungs_in(url: str) -> list[str]:
    return re.findall(r"/(low|medium|high)\.m4a", url)
