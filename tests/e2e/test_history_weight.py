"""What the first look at a history costs, from an empty cache to the last picture that is seen."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from backline.concerts.demo.shots import shots, write
from tests.e2e.test_concerts_pages import enter, make
from tests.support.installation import Installation, wait_for

pytestmark = pytest.mark.concerts
MOST_BYTES = 1_000_000


def fill(user: httpx.Client, folder: Path) -> int:
    """A concert for each night of the sample photos, with the first of them; how many."""
    firsts = {shot.night: shot for shot in reversed(list(shots()))}
    for n, shot in enumerate(firsts.values()):
        with write(shot, folder).open("rb") as file:
            photo = user.post("/photos", files={"file": file}).raise_for_status().json()
        concert = make(user, f"2023-05-{n + 1:02}", f"Band {n}")
        form = {"photo_ids": [photo["id"]]}
        user.post(f"/concerts/{concert['id']}/photos", json=form).raise_for_status()

    def are_drawn() -> bool:
        found = user.get("/concerts?limit=100").json()["items"]
        return all(one["cover"] and one["cover"]["thumbnail"] for one in found)

    wait_for(are_drawn, "covers", limit_s=180)
    return len(firsts)


@contextmanager
def weighed(page: Page) -> Iterator[dict[str, float]]:
    """The bytes of each answer to a page, as they went over the wire, heads and all."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.clearBrowserCache")
    came: dict[str, float] = {}

    def note(event: dict[str, Any]) -> None:
        came[event["requestId"]] = event["encodedDataLength"]

    wire.on("Network.loadingFinished", note)
    yield came
    wire.detach()


def test_the_first_look_at_a_history_is_light(
    installation: Installation, page: Page, user: httpx.Client, tmp_path: Path
) -> None:
    count = fill(user, tmp_path)
    enter(page, installation, user, "/tasks")
    fresh = page.context.new_page()  # nothing of it is in this page's memory
    with weighed(fresh) as came:
        fresh.goto(f"{installation.url}/concerts")
        expect(fresh.locator("tr[data-index] img")).to_have_count(count)
        fresh.wait_for_function(_ARE_SEEN)
    largest_ms = fresh.evaluate(_LARGEST)

    assert sum(came.values()) > 100_000, "something was in a cache"
    assert sum(came.values()) < MOST_BYTES
    assert largest_ms > 0


# Those further down come when one scrolls to them.
_ARE_SEEN = """() => [...document.images].every(image =>
  image.getBoundingClientRect().top > innerHeight || (image.complete && image.naturalWidth > 0))"""
_LARGEST = """() => new Promise(resolve => new PerformanceObserver(list =>
  resolve(list.getEntries().at(-1).startTime)).observe(
    {type: "largest-contentful-paint", buffered: true}))"""
