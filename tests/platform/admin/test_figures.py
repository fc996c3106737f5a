"""The installation in figures, and jobs as metrics."""

import asyncio
from pathlib import Path

from prometheus_client import REGISTRY

from backline.accounts.users import setup_token
from backline.platform import jobs
from backline.platform.database import Database
from tests.support.api import PASSWORD, serving_api
from tests.support.things import Person, job, track
from tests.support.waiting import until


async def test_figures_are_for_administrators_and_a_minute_old_at_most(
    dsn: str, tmp_path: Path
) -> None:
    async with serving_api(dsn, tmp_path) as api:
        root, ada = (Person(api, f"{name}@example.org") for name in ("root", "ada"))
        token = await setup_token(api.platform.database)
        form = {"token": token, "email": root.email, "password": PASSWORD, "name": "Root"}
        await root.post("/auth/setup", json=form)
        await root.sign_in()
        await ada.sign_in()
        for _ in range(2):
            await track(ada)

        stats = (await root.get("/admin/stats")).json()
        await track(ada)
        again = (await root.get("/admin/stats")).json()

        assert stats["figures"].items() >= {"people": 2, "tracks": 2, "stored_bytes": 6}.items()
        assert stats["jobs"]["queued"] >= 2
        assert stats["jobs"]["dead"] == 0
        assert again == stats
        assert (await ada.client.get("/api/v1/admin/stats")).status_code == 403


async def test_a_worker_tells_how_many_jobs_there_are(dsn: str, tmp_path: Path) -> None:
    async with serving_api(dsn, tmp_path) as api:
        ada = Person(api, "ada@example.org")
        await ada.sign_in()
        for _ in range(3):
            await job(ada)
        measuring = asyncio.create_task(jobs.measure(api.platform.database))

        def queued() -> float:
            return REGISTRY.get_sample_value("backline_jobs", {"state": "queued"}) or 0

        await until(lambda: queued() >= 3)

        measuring.cancel()
        assert (REGISTRY.get_sample_value("backline_jobs_oldest_wait_seconds") or 0) > 0


async def test_without_jobs_there_are_none_in_any_state(database: Database) -> None:
    async with database.read() as read:
        tally = await jobs.tally(read)

    assert set(tally.by_state.values()) == {0}
    assert tally.waited_s == 0
