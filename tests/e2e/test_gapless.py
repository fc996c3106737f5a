"""A tone cut in two plays through the web player as if it had never been cut, in Chromium."""

import base64
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Page, expect

from tests.e2e.test_journey import PREPARED_MS, sign_up
from tests.support import sounds
from tests.support.installation import Installation

RATE_HZ = 44_100
HZ = 441.3
TURN = 2 * math.pi * HZ / RATE_HZ
# Where the tone goes through zero, so that a sample too few or too many leaps furthest.
CUT = 529_601
END = 970_000
WINDOW = 2048
QUIET = 0.01

pytestmark = [pytest.mark.audio, pytest.mark.slow]

# Records what reaches the loudspeakers, in the thread that makes it: a page that computes slowly
# loses nothing of it.
RECORDER = """
registerProcessor("recorder", class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.blocks = [];
    this.port.onmessage = () => this.port.postMessage(this.blocks);
  }
  process([[left]]) {
    if (left) this.blocks.push(left.slice());
    return true;
  }
});
"""
TAP = """
((recorder) => {
  const address = URL.createObjectURL(new Blob([recorder], { type: "text/javascript" }));
  const waits = [];
  window.tap = { waits, appended: [] };
  const connect = AudioNode.prototype.connect;
  AudioNode.prototype.connect = function (to, ...rest) {
    if (to instanceof AudioDestinationNode && !window.tap.node) {
      window.tap.rate = this.context.sampleRate;
      window.tap.node = this.context.audioWorklet.addModule(address).then(() => {
        const node = new AudioWorkletNode(this.context, "recorder");
        connect.call(this, node);
        return node;
      });
    }
    return connect.call(this, to, ...rest);
  };
  const play = HTMLMediaElement.prototype.play;
  HTMLMediaElement.prototype.play = function () {
    if (!window.tap.element) {
      window.tap.element = this;
      this.addEventListener("waiting", () => waits.push(this.currentTime));
    }
    return play.call(this);
  };
})(%s);
"""
RECORDED = """async () => {
  const node = await window.tap.node;
  const blocks = await new Promise((resolve) => {
    node.port.onmessage = ({ data }) => resolve(data);
    node.port.postMessage(null);
  });
  const all = new Float32Array(blocks.length * 128);
  blocks.forEach((block, at) => all.set(block, at * 128));
  const bytes = new Uint8Array(all.buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 32768) {
    text += String.fromCharCode(...bytes.subarray(at, at + 32768));
  }
  return { rate: window.tap.rate, samples: btoa(text), waits: window.tap.waits };
}"""


@pytest.fixture(scope="module")
def halves(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """One tone in two files, the second of which goes on where the first one ends."""
    folder = tmp_path_factory.mktemp("halves")
    paths: list[Path] = []
    for title, start, end in (("First half", 0, CUT), ("Second half", CUT, END)):
        left = sounds.tone_samples(end - start, RATE_HZ, HZ, start)
        wav = sounds.write_wav(folder / f"{title}.wav", [left, left], RATE_HZ)
        tags = ("-metadata", f"title={title}", "-metadata", "artist=Tone")
        paths.append(sounds.encoded(wav, folder / f"{title}.flac", *tags))
    return paths


def open_library(page: Page, installation: Installation, email: str, songs: list[Path]) -> None:
    page.add_init_script(TAP % json.dumps(RECORDER))
    # The recorder isn't among the scripts that the policy knows.
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})
    sign_up(page, installation, email)
    page.get_by_label("Music files").first.set_input_files(songs)
    page.get_by_role("link", name="Library").first.click()
    page.get_by_label("Sort").select_option("By title")
    for song in songs:
        play = page.get_by_role("button", name=f"Play {song.stem}").first
        expect(play).to_be_enabled(timeout=PREPARED_MS)


def recorded(page: Page) -> NDArray[np.float64]:
    """What sounded, from the first sample of the tone to the last."""
    page.wait_for_function("window.tap.element?.ended", timeout=PREPARED_MS)
    tap: dict[str, Any] = page.evaluate(RECORDED)
    assert tap["rate"] == RATE_HZ
    # At its start it waits for the first bytes. Later only a machine that stands still makes it wait.
    assert [at_s for at_s in tap["waits"] if at_s > 0] == []
    sound = np.frombuffer(base64.b64decode(tap["samples"]), np.float32).astype(np.float64)
    heard = np.nonzero(np.abs(sound) > QUIET)[0]
    return sound[heard[0] : heard[-1] + 1]


def phases(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """The tone's phase every few milliseconds, in samples, beside that of one never cut."""
    starts = np.arange(WINDOW, len(sound) - 2 * WINDOW, WINDOW // 4)
    around = np.arange(WINDOW)
    turns = [
        np.angle(
            np.sum(
                sound[at : at + WINDOW] * np.hanning(WINDOW) * np.exp(-1j * TURN * (at + around))
            )
        )
        for at in starts
    ]
    return np.unwrap(turns) / TURN


def test_a_tone_cut_in_two_sounds_as_if_it_had_never_been_cut(
    installation: Installation, page: Page, halves: list[Path]
) -> None:
    open_library(page, installation, "gapless@example.org", halves)

    page.get_by_role("button", name="Play First half").first.click()
    sound = recorded(page)

    # A sine begins and ends within a sample or two of nothing.
    assert abs(len(sound) - END) <= 3
    assert np.ptp(phases(sound)) < 0.5
    # Of a sine each sample follows from the two before it. A sample too many would be off by 0.023.
    off = np.abs(sound[2:] - 2 * math.cos(TURN) * sound[1:-1] + sound[:-2])
    assert np.max(off[CUT - 3000 : CUT + 3000]) < 0.015
    expect(page.get_by_role("region", name="Player")).to_contain_text("Second half")
