"""A scan whose worker is killed again and again: each photo once, and none is missing."""

import signal
from collections.abc import Callable

import httpx
import psutil
import pytest

from tests.support.chance import chance
from tests.support.installation import Installation, wait_for
from tests.support.photos import jpeg, write

pytestmark = [pytest.mark.chaos, pytest.mark.concerts, pytest.mark.draws]
COUNT, KILLS = 150, 3


def worker_of(installation: Installation) -> psutil.Process | None:
    children = psutil.Process(installation.pid).children(recursive=True)
    found = [one for one in children if "work" in one.cmdline()]
    return found[0] if found else None


def scan_of(client: httpx.Client, scan_id: str) -> dict[str, int | str]:
    return client.get(f"/scans/{scan_id}").raise_for_status().json()


def test_a_scan_goes_on_where_its_worker_was_killed(
    prepare: Callable[..., Installation],
) -> None:
    installation = prepare()
    folder = installation.folder / "photos"
    for n in range(COUNT):
        taken = f"2019:07:{n % 28 + 1:02} {n % 24:02}:30:00"
        write(folder / f"{n}.jpg", jpeg(seed=n, width=1200, height=900, taken=taken))
    installation.set(BACKLINE_PHOTO_FOLDERS=str(folder))
    installation.start()
    installation.wait_until_ready()
    draw = chance()
    with installation.add_user() as client:
        form = {"source": {"kind": "folder", "path": str(folder)}}
        scan_id = client.post("/scans", json=form).raise_for_status().json()["id"]
        for _ in range(KILLS):
            done = int(scan_of(client, scan_id)["done"])
            target = done + draw.randrange(1, 33)

            def is_there(target: int = target) -> bool:
                seen = scan_of(client, scan_id)
                return (
                    int(seen["done"]) >= min(target, COUNT) and worker_of(installation) is not None
                )

            wait_for(is_there, f"{target} files", limit_s=120)
            worker = worker_of(installation)
            assert worker is not None
            worker.send_signal(signal.SIGKILL)
        wait_for(lambda: scan_of(client, scan_id)["finished_at"], "the scan's end", limit_s=180)

        seen = scan_of(client, scan_id)
        names: list[str] = []
        cursor: str | None = ""
        while cursor is not None:
            query = {"limit": 100, **({"cursor": cursor} if cursor else {})}
            page = client.get("/photos", params=query).json()
            names += [one["filename"] for one in page["items"]]
            cursor = page["next_cursor"]

    assert (seen["state"], seen["done"], seen["added"], seen["failed"]) == ("done", COUNT, COUNT, 0)
    assert sorted(names) == sorted(f"{n}.jpg" for n in range(COUNT))
