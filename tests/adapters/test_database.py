"""One suite over the databases that an operator may have: PostgreSQL 18 and 16, directly, through
PgBouncer, and with replicas that are read from."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest
from structlog.testing import capture_logs

from backline.platform.database import Database, Write, connect
from backline.platform.database.migrating import Migration, migrate, pending
from backline.platform.database.place import BehindPooler, ServePlace
from backline.platform.errors import Conflict, Unavailable
from tests.platform.front.cached.conftest import add_track
from tests.support.api import Api, serving_api
from tests.support.pgbouncer import pooling
from tests.support.postgres import PrivatePostgres, running
from tests.support.replicas import Cluster, clustered
from tests.support.waiting import until

pytestmark = pytest.mark.slow

PLACES = ["18", "16", "pgbouncer", "replicas"]
LIST = "/api/v1/tracks"


class Place(msgspec.Struct, frozen=True):
    """A database with the current schema: where it answers, directly, and from replicas."""

    dsn: str
    direct_dsn: str
    replicas: tuple[str, ...] = ()


@pytest.fixture(scope="module")
def sixteen() -> Iterator[PrivatePostgres]:
    with running(16) as server:
        yield server


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with clustered(replicas=1) as made:
        yield made


@pytest.fixture(params=PLACES)
def place(
    request: pytest.FixtureRequest, migrations: list[Migration], postgres: PrivatePostgres
) -> Iterator[Place]:
    if request.param == "replicas":
        cluster: Cluster = request.getfixturevalue("cluster")
        name = cluster.primary.create(cluster.template)
        dsn = cluster.primary.dsn(name)
        yield Place(dsn, dsn, tuple(cluster.urls(name)))
        return
    server = request.getfixturevalue("sixteen") if request.param == "16" else postgres
    name = server.create()
    direct = server.dsn(name)
    asyncio.run(migrate(direct, migrations))
    if request.param == "pgbouncer":
        with pooling(server) as pooler:
            yield Place(pooler.dsn(name), direct)
    else:
        yield Place(direct, direct)
    server.drop(name)


@pytest.fixture
async def database(place: Place) -> AsyncIterator[Database]:
    opened = await connect(place.dsn, direct_dsn=place.direct_dsn, slow_s=0.2)
    yield opened
    await opened.close()


@pytest.fixture
async def api(place: Place, tmp_path: Path) -> AsyncIterator[Api]:
    told = {"BACKLINE_DATABASE_DIRECT_URL": place.direct_dsn}
    if place.replicas:
        told["BACKLINE_REPLICA_URLS"] = ",".join(place.replicas)
    async with serving_api(place.dsn, tmp_path, **told) as opened:
        yield opened


class Row(msgspec.Struct, frozen=True):
    key: str
    value: str


async def test_the_schema_is_current(place: Place, migrations: list[Migration]) -> None:
    assert await pending(place.direct_dsn, migrations) == []
    assert await migrate(place.direct_dsn, migrations) == []


async def test_statements_of_every_kind(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute_many(
            "INSERT INTO instance (key, value) VALUES ($1, $2)", [("a", "1"), ("b", "2")]
        )
        await tx.copy_rows("instance", ["key", "value"], [("c", "3")])
        with pytest.raises(ZeroDivisionError):
            await _fail_in_savepoint(tx)
        changed = await tx.execute("UPDATE instance SET value = '4' WHERE key = ANY($1)", ["a"])
    async with database.read() as read:
        rows = await read.fetch("SELECT key, value FROM instance ORDER BY key", Row)
        keys = await read.fetch_values("SELECT key FROM instance ORDER BY key")

    assert changed == 1
    assert rows == [Row("a", "4"), Row("b", "2"), Row("c", "3")]
    assert keys == ["a", "b", "c"]


async def _fail_in_savepoint(tx: Write) -> None:
    async with tx.savepoint():
        await tx.execute("DELETE FROM instance")
        raise ZeroDivisionError


async def test_many_at_once_share_few_connections(database: Database) -> None:
    async def count(number: int) -> int:
        async with database.write() as tx:
            await tx.execute("INSERT INTO instance (key, value) VALUES ($1, '')", str(number))
        async with database.read() as read:
            return await read.fetch_value(
                "SELECT count(*) FROM instance WHERE key = $1", str(number)
            )

    assert await asyncio.gather(*(count(number) for number in range(200))) == [1] * 200


async def test_two_changes_that_meet_are_a_conflict(database: Database) -> None:
    async with database.write() as tx:
        await tx.execute("INSERT INTO instance (key, value) VALUES ('a', ''), ('b', '')")
    lock = "UPDATE instance SET value = $2 WHERE key = $1"
    both = asyncio.Barrier(2)

    async def change(*keys: str) -> None:
        async with database.write() as tx:
            await tx.execute(lock, keys[0], "")
            await both.wait()
            await tx.execute(lock, keys[1], "")

    faults = await asyncio.gather(change("a", "b"), change("b", "a"), return_exceptions=True)

    assert sorted(type(fault) for fault in faults if fault is not None) == [Conflict]


async def test_a_statement_without_end_is_ended_and_frees_its_connection(place: Place) -> None:
    impatient = await connect(place.dsn, max_size=1, statement_timeout_s=1)
    try:
        with pytest.raises(Unavailable):
            async with impatient.read() as read:
                await read.fetch_value("SELECT pg_sleep(600)")
        assert await impatient.ping() >= 0
    finally:
        await impatient.close()


async def test_a_slow_statement_is_logged_with_its_plan_and_without_its_values(
    database: Database,
) -> None:
    slow = "SELECT count(*) FROM users, pg_sleep(0.3) WHERE name = $1 OR pg_sleep IS NULL"
    with capture_logs() as logs:
        for _ in range(2):
            async with database.read() as read:
                await read.fetch_value(slow, "somebody's name")
        await until(lambda: [line for line in logs if line["event"] == "slow_statement"])

    (told,) = [line for line in logs if line["event"] == "slow_statement"]
    assert told["sql"] == slow
    assert "Scan on users" in told["plan"]
    assert "$1" in told["plan"]
    assert "somebody" not in str(logs)


async def test_a_visit(api: Api) -> None:
    """Sign up and in, list, change twice with one key, see it, sign out."""
    async with await api.user("somebody@example.org") as client:
        await add_track(api, "somebody@example.org", "One")
        (track,) = await listed(client, 1)
        keyed = {"Idempotency-Key": "once"}
        path = f"{LIST}/{track['id']}"
        first = await client.patch(path, json={"title": "Two"}, headers=keyed)
        again = await client.patch(path, json={"title": "Two"}, headers=keyed)
        client.headers["Backline-Watermark"] = first.headers["Backline-Watermark"]
        after = await client.get(path)

        assert (first.status_code, again.status_code) == (200, 200)
        assert again.headers["Idempotency-Replayed"] == "true"
        assert after.json()["title"] == "Two"
        assert after.json()["version"] == first.json()["version"]


async def listed(client: httpx.AsyncClient, count: int) -> list[dict[str, str]]:
    """The list, once it has so many: what nobody told of takes a second at most."""
    async with asyncio.timeout(60):
        while len(items := (await client.get(LIST)).json()["items"]) != count:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return items


async def test_health_tells_of_every_part(api: Api, place: Place) -> None:
    async with api.client() as client:
        async with asyncio.timeout(60):
            while True:
                report = (await client.get("/health/ready")).json()
                parts = report["components"]
                # No node runs here that takes live shows in, and the server is ready without.
                if all(parts[name]["status"] == "ok" for name in parts.keys() - {"live"}):
                    break
                await asyncio.sleep(0.05)

    assert report["status"] == "ok"
    assert ("replica-1" in report["components"]) == bool(place.replicas)


async def test_serving_without_a_way_past_the_pooler_is_refused(postgres: PrivatePostgres) -> None:
    with pooling(postgres) as pooler:
        place = ServePlace(pooler.dsn("postgres"), asyncio.Event(), shared=False)

        with pytest.raises(BehindPooler, match="BACKLINE_DATABASE_DIRECT_URL"):
            await place.take()


async def test_a_pooler_that_forgets_statements_is_told_of(postgres: PrivatePostgres) -> None:
    with pooling(postgres, prepared=0) as pooler:
        database = await connect(pooler.dsn("postgres"))

        async def read_some() -> None:
            for number in range(20):
                async with database.read() as read:
                    await read.fetch_value(f"SELECT pg_sleep(0.001), {number % 3}, $1::int", 1)

        with pytest.raises(Unavailable, match="pooler"):
            await asyncio.gather(*(read_some() for _ in range(20)))
        await database.close()
