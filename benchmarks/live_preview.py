"""How late a preview is: a clock burnt into the picture, read in the browser that shows it.

    .venv/bin/python benchmarks/live_preview.py [--seconds 30] [--gop-s 2]

An encoder of our own draws the time into each frame as a row of black and white fields and
publishes it; a page of Chromium reads it from the frames that it shows, on the same clock.
"""

import argparse
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT), str(ROOT / "scripts")]

import numpy as np  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402

from tests.e2e.browser import NAMES, OPTIONS  # noqa: E402
from tests.support import sounds  # noqa: E402
from tests.support.installation import PASSWORD, free_port, running  # noqa: E402

WIDTH, HEIGHT, FPS = 640, 360, 25
BITS, FIELD = 24, 20  # milliseconds of some four and a half hours; a field is so many pixels
READ = """async (video, [seconds, bits, field]) => {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const late = [];
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    await new Promise((done) => video.requestVideoFrameCallback(done));
    const now = Date.now() % 2 ** bits;
    canvas.width = video.videoWidth;
    canvas.height = field;
    context.drawImage(video, 0, 0);
    let told = 0;
    for (let bit = 0; bit < bits; bit += 1) {
      const { data } = context.getImageData(bit * field + field / 2, field / 2, 1, 1);
      told = told * 2 + (data[1] > 127 ? 1 : 0);
    }
    late.push((now - told + 2 ** bits) % 2 ** bits);
  }
  return late;
}"""
SHOWS = "video => video.getVideoPlaybackQuality().totalVideoFrames > 0"


def frame() -> bytes:
    """A grey picture (RGB) with the time of now in its top row."""
    picture = np.full((HEIGHT, WIDTH, 3), 60, dtype=np.uint8)
    told = round(time.time() * 1000) % 2**BITS
    for bit in range(BITS):
        is_set = told >> (BITS - 1 - bit) & 1
        picture[:FIELD, bit * FIELD : (bit + 1) * FIELD] = 255 if is_set else 0
    return picture.tobytes()


@contextmanager
def publishing(port: int, stream_key: str, gop_s: float) -> Iterator[None]:
    """A show whose pictures tell when they were made."""
    command = [
        *(str(sounds.ffmpeg()), "-nostdin", "-loglevel", "error", "-f", "rawvideo"),
        *("-pix_fmt", "rgb24", "-s", f"{WIDTH}x{HEIGHT}", "-r", str(FPS), "-i", "pipe:0"),
        *("-f", "lavfi", "-i", "sine=440:r=48000", "-c:v", "libx264", "-preset", "ultrafast"),
        *("-tune", "zerolatency", "-g", str(round(FPS * gop_s)), "-pix_fmt", "yuv420p"),
        *("-c:a", "aac", "-shortest", "-flush_packets", "1"),
        *("-f", "flv", f"rtmp://127.0.0.1:{port}/live/{stream_key}"),
    ]
    process = subprocess.Popen(command, stdin=subprocess.PIPE)
    ends = threading.Event()

    def film() -> None:
        began_s, number = time.monotonic(), 0
        while not ends.wait(max(began_s + number / FPS - time.monotonic(), 0)):
            assert process.stdin is not None
            try:
                process.stdin.write(frame())
            except BrokenPipeError:
                return
            number += 1

    filming = threading.Thread(target=film)
    filming.start()
    try:
        yield
    finally:
        ends.set()
        filming.join()
        process.kill()
        process.wait()


def enter(page: Page, url: str, email: str, project_id: str) -> None:
    """Have the control room of a project open, as its owner has."""
    page.goto(f"{url}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(f"{url}/")
    page.goto(f"{url}/live/{project_id}")
    page.get_by_role("heading", name="Off air").wait_for()


def main(seconds: float, gop_s: float) -> None:
    """Publish, watch, tell."""
    port = free_port()
    program = next(path for name in NAMES if (path := shutil.which(name)))
    with (
        running(BACKLINE_RTMP_PORT=str(port)) as installation,
        sync_playwright() as playwright,
        installation.add_user() as user,
    ):
        browser = playwright.chromium.launch(
            executable_path=program, args=[*OPTIONS, "--no-sandbox"]
        )
        page = browser.new_page()
        project = user.post("/live/projects", json={"name": "Clock"}).json()
        email = user.get("/users/me").json()["email"]
        enter(page, installation.url, email, project["id"])
        began_s = time.monotonic()
        with publishing(port, project["stream_key"], gop_s):
            video = page.get_by_role("region", name="Preview").locator("video")
            video.wait_for(timeout=60_000)
            page.wait_for_function(SHOWS, arg=video.element_handle(), timeout=60_000)
            start_s = time.monotonic() - began_s
            late_ms = sorted(video.evaluate(READ, [seconds, BITS, FIELD]))
        browser.close()
    print(
        f"keyframes every {gop_s:g} s: the first picture {start_s:.1f} s after the encoder was "
        f"started; then {statistics.median(late_ms) / 1000:.1f} s late "
        f"(p95 {late_ms[int(len(late_ms) * 0.95)] / 1000:.1f}); {len(late_ms)} frames were shown"
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--gop-s", type=float, default=2)
    given = parser.parse_args()
    main(given.seconds, given.gop_s)
