"""What tests of the library do over HTTP, as a client program does it."""

from pathlib import Path
from typing import Any

import httpx

from tests.support.installation import wait_for

RENDER_S = 300


def upload(client: httpx.Client, path: Path, name: str = "") -> dict[str, Any]:
    """Send a file by form; the track that answers."""
    with path.open("rb") as file:
        answer = client.post("/tracks", files={"file": (name or path.name, file)}, timeout=300)
    assert answer.status_code == 202, answer.text
    return answer.json()


def track(client: httpx.Client, track_id: str) -> dict[str, Any]:
    """A track as it is now."""
    answer = client.get(f"/tracks/{track_id}")
    assert answer.status_code == 200, answer.text
    return answer.json()


def until_prepared(client: httpx.Client, track_id: str) -> dict[str, Any]:
    """Wait until a track is ready or has failed."""
    seen: list[dict[str, Any]] = []

    def is_over() -> bool:
        seen.append(track(client, track_id))
        return seen[-1]["status"] != "processing"

    wait_for(is_over, f"track {track_id} to be prepared", limit_s=RENDER_S)
    return seen[-1]


def stream_url(client: httpx.Client, track_id: str, **choice: str) -> str:
    """The path of a signed URL."""
    answer = client.get(f"/tracks/{track_id}/stream", params=choice)
    assert answer.status_code == 200, answer.text
    return answer.json()["url"]


def ready(client: httpx.Client, path: Path) -> dict[str, Any]:
    """Upload a file and wait until it can be played."""
    prepared = until_prepared(client, upload(client, path)["id"])
    assert prepared["status"] == "ready", prepared
    return prepared
