"""What a page sounds like: recorded before the loudspeakers, and measured by a tone in it."""

import base64
import json
import math
from typing import Any

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page

RATE_HZ = 44_100
HZ = 441.3
TURN = 2 * math.pi * HZ / RATE_HZ
WINDOW = 2048
QUIET = 0.01

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


def listen(page: Page) -> None:
    """Have whatever the page will play recorded; before its first address is opened."""
    page.add_init_script(TAP % json.dumps(RECORDER))
    # The recorder isn't among the scripts that the policy knows.
    page.context.new_cdp_session(page).send("Page.setBypassCSP", {"enabled": True})


def forget(page: Page) -> None:
    """Begin anew: what was recorded until now doesn't count."""
    page.evaluate("window.tap.node?.then((node) => node.port.postMessage('forget'))")
    page.evaluate("window.tap.waits.length = 0")


def recorded(page: Page) -> tuple[NDArray[np.float64], bool]:
    """What sounded, without the silence around it, and whether the element ran out of sound."""
    tap: dict[str, Any] = page.evaluate(RECORDED)
    assert tap["rate"] == RATE_HZ
    sound = np.frombuffer(base64.b64decode(tap["samples"]), np.float32).astype(np.float64)
    loud = np.nonzero(np.abs(sound) > QUIET)[0]
    # At its start it waits for the first bytes.
    return sound[loud[0] : loud[-1] + 1], any(at_s > 0 for at_s in tap["waits"])


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
