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
MOST_TIMES = 3
QUIET = 0.01

pytestmark = [pytest.mark.audio, pytest.mark.slow]

# Records what reaches the loudspeakers, in the thread that makes it: a page that computes slowly
# loses nothing of it.
RECORDER = """
registerProcessor("recorder", class extends AudioWorkletProcessor {
  constructor() {
    super();
    this.blocks = [];
    this.port.onmessage = ({ data }) => {
      if (data === "tell") this.port.postMessage(this.blocks);
      this.blocks = [];
    };
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
    node.port.postMessage("tell");
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
        paths.append(sounds.encoded(wav, folder / f"{title}.flac", *titled(title)))
    return paths


def titled(title: str) -> tuple[str, ...]:
    return "-metadata", f"title={title}", "-metadata", "artist=Tone"


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


def played(page: Page, title: str) -> NDArray[np.float64]:
    """What sounds from the track of that title on: from the first sample to the last.

    Where a machine stood still for so long that the element ran out of sound, once more.
    """
    for _ in range(MOST_TIMES):
        page.evaluate("window.tap.node?.then((node) => node.port.postMessage('forget'))")
        page.evaluate("window.tap.waits.length = 0")
        page.get_by_role("table").get_by_role("button", name=f"Play {title}").click()
        page.wait_for_function("window.tap.element?.paused === false")
        page.wait_for_function("window.tap.element.ended", timeout=PREPARED_MS)
        tap: dict[str, Any] = page.evaluate(RECORDED)
        assert tap["rate"] == RATE_HZ
        # At its start it waits for the first bytes.
        if not any(at_s > 0 for at_s in tap["waits"]):
            break
    else:
        pytest.fail("the machine is too slow to play anything")
    return heard(tap)


def heard(tap: dict[str, Any]) -> NDArray[np.float64]:
    """What was recorded, without the silence around it."""
    sound = np.frombuffer(base64.b64decode(tap["samples"]), np.float32).astype(np.float64)
    loud = np.nonzero(np.abs(sound) > QUIET)[0]
    return sound[loud[0] : loud[-1] + 1]


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


def envelope(sound: NDArray[np.float64]) -> NDArray[np.float64]:
    """The level in each millisecond, of a tone of 440 Hz: by its peak in two periods."""
    width = RATE_HZ // 200
    peaks = [np.max(np.abs(sound[at : at + width])) for at in range(0, len(sound) - width, 44)]
    return np.array(peaks)


def test_a_tone_cut_in_two_sounds_as_if_it_had_never_been_cut(
    installation: Installation, page: Page, halves: list[Path]
) -> None:
    open_library(page, installation, "gapless@example.org", halves)

    sound = played(page, "First half")

    # A sine begins and ends within a sample or two of nothing.
    assert abs(len(sound) - END) <= 3
    assert np.ptp(phases(sound)) < 0.5
    # Of a sine each sample follows from the two before it. A sample too many would be off by 0.023.
    off = np.abs(sound[2:] - 2 * math.cos(TURN) * sound[1:-1] + sound[:-2])
    assert np.max(off[CUT - 3000 : CUT + 3000]) < 0.015
    expect(page.get_by_role("region", name="Player")).to_contain_text("Second half")


def test_each_track_is_at_its_own_level_from_where_it_begins(
    installation: Installation, page: Page, tmp_path: Path
) -> None:
    tone = sounds.tone(tmp_path / "tone.wav", 4)
    loud, quiet = (
        sounds.encoded(tone, tmp_path / f"{title}.flac", "-af", f"volume={db}dB", *titled(title))
        for title, db in (("Loud", 0), ("Quiet", -12))
    )
    open_library(page, installation, "levelled@example.org", [loud, quiet])
    as_recorded = envelope(played(page, "Loud"))
    bar = page.get_by_role("region", name="Player")
    bar.get_by_role("link").first.click()
    page.get_by_role("button", name="Loudness: As recorded").click()
    page.get_by_role("menuitemradio", name="By track").click()
    page.go_back()
    levelled = envelope(played(page, "Loud"))

    # Both are levels in each millisecond: what differs for less than a twentieth of a second isn't
    # a track that begins at the level of the one before.
    assert np.max(as_recorded) > 3.5 * np.median(as_recorded[5000:])
    usual = np.median(levelled)
    assert np.sum(np.abs(levelled[20:-20] / usual - 1) > 0.1) < 50


def test_what_is_put_in_next_at_the_last_second_comes_next(
    installation: Installation, page: Page, tmp_path: Path
) -> None:
    """The track that was laid ahead is taken off again; none of it is heard."""
    tone = sounds.tone(tmp_path / "tone.wav", 6)
    songs = [
        sounds.encoded(tone, tmp_path / f"{title}.flac", "-af", f"volume={db}dB", *titled(title))
        for title, db in (("Alto", 0), ("Bass", -12), ("Choir", -6))
    ]
    open_library(page, installation, "last-second@example.org", songs)
    page.get_by_role("table").get_by_role("button", name="Play Alto").click()
    page.wait_for_function("window.tap.element?.buffered.length && "
                           "window.tap.element.buffered.end(0) > 11")  # fmt: skip
    page.get_by_role("region", name="Player").get_by_role("link").first.click()
    page.get_by_role("button", name="Actions for Bass").click()
    page.get_by_role("menuitem", name="Take out").click()
    expect(page.get_by_role("button", name="Actions for Bass")).to_have_count(0)
    page.wait_for_function("window.tap.element.ended", timeout=PREPARED_MS)

    sound = envelope(heard(page.evaluate(RECORDED)))

    loud, middle = sounds.LEVEL / 32768, sounds.LEVEL / 32768 / 2
    assert len(sound) == pytest.approx(12_000, abs=300)
    assert np.median(sound[:5_500]) == pytest.approx(loud, rel=0.05)
    assert np.median(sound[6_500:]) == pytest.approx(middle, rel=0.05)
    expect(page.get_by_role("region", name="Player")).to_contain_text("Choir")
