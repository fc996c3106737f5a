"""Whether a process says that it can do its work."""

import httpx

from backline.platform.errors import Unavailable
from backline.platform.front.health import Health


async def well() -> None:
    """A part that answers."""


async def ill() -> None:
    raise Unavailable("It is away.")


async def ask(health: Health, path: str = "/health/ready") -> httpx.Response:
    transport = httpx.ASGITransport(health)
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.get(path)


async def test_a_part_that_is_needed_decides() -> None:
    answer = await ask(Health({"database": ill, "storage": well}, "1"))

    assert answer.status_code == 503
    assert answer.json()["components"]["database"]["reason"] == "It is away."


async def test_a_part_that_only_informs_does_not() -> None:
    answer = await ask(Health({"database": well}, "1", informative={"redis": ill}))

    assert (answer.status_code, answer.json()["status"]) == (200, "ok")
    assert answer.json()["components"]["redis"]["status"] == "down"
    assert answer.json()["components"]["redis"]["latency_ms"] >= 0


async def test_who_is_about_to_end_is_not_ready() -> None:
    health = Health({"database": well}, "1")
    health.draining = True

    answer = await ask(health)

    assert (answer.status_code, answer.json()["status"]) == (503, "draining")


async def test_health_by_itself_means_readiness() -> None:
    answer = await ask(Health({"database": ill}, "1"), "/health")

    assert (answer.status_code, "database" in answer.json()["components"]) == (503, True)
