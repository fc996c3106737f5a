"""People who follow each other in the browser: found, followed, heard of in the feed."""

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.accessibility import axe_findings
from tests.e2e.test_journey import sign_up
from tests.support.installation import Installation

pytestmark = pytest.mark.audio


def test_somebody_is_found_and_followed_and_in_the_feed(
    installation: Installation, page: Page, user: httpx.Client
) -> None:
    playlist = user.post("/playlists", json={"name": "Night drives", "visibility": "public"})
    track = user.post("/tracks", files={"file": ("song.wav", b"bytes of a song")}).json()
    added = {"track_ids": [track["id"]]}
    user.post(f"/playlists/{playlist.json()['id']}/tracks", json=added).raise_for_status()
    user.patch("/audio/profile", json={"is_public": True}).raise_for_status()
    me = user.get("/users/me").json()
    sign_up(page, installation, "follows@example.org")

    page.goto(f"{installation.url}/library/feed")
    page.get_by_role("button", name="Find people").click()
    expect(page.get_by_role("switch", name="Let others find and follow me")).not_to_be_checked()
    page.goto(f"{installation.url}/people/{me['id']}")
    page.get_by_role("link", name="Night drives").wait_for()
    page.get_by_role("button", name=f"Follow {me['name']}", exact=True).click()
    page.get_by_role("button", name=f"Following {me['name']}").wait_for()
    expect(page.get_by_role("link", name="Followers (1)")).to_be_visible()
    assert axe_findings(page, page.url) == []

    page.goto(f"{installation.url}/library/feed")
    item = page.get_by_role("list", name="Your feed").get_by_role("listitem").first
    expect(item).to_contain_text("made a playlist with 1 track public")
    assert axe_findings(page, page.url) == []
    told = user.get("/notifications").json()["items"]
    assert "audio.followed" in {one["kind"] for one in told}  # beside the file that is no sound

    user.patch("/audio/profile", json={"is_public": False}).raise_for_status()
    page.reload()
    page.get_by_role("heading", name="Nothing new").wait_for()
