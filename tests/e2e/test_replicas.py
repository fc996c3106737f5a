"""Two servers that read from streaming replicas, as an operator starts them."""

import contextlib
from collections.abc import Iterator

import httpx
import pytest

from tests.support.installation import sign_in, sign_up, wait_for
from tests.support.many import Process, client_of, environment, running, shared_folder
from tests.support.redis import running as running_redis
from tests.support.replicas import Cluster, clustered

READS = "backline_replica_reads_total"
USABLE = "backline_replica_usable"
PAST_CACHES = {"Cache-Control": "no-cache"}
ROUNDS = 20
EMAIL = "somebody@example.org"

pytestmark = [pytest.mark.slow, pytest.mark.platform]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with clustered(replicas=1) as made:
        yield made


@pytest.fixture(scope="module")
def servers(cluster: Cluster) -> Iterator[list[Process]]:
    name = cluster.primary.create(cluster.template)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(shared_folder())
        redis = stack.enter_context(running_redis())
        redis.open_to_all()
        told = {
            **environment(folder, cluster.primary.dsn(name)),
            "BACKLINE_REDIS_URL": redis.url,
            "BACKLINE_REPLICA_URLS": ",".join(cluster.urls(name)),
        }
        made = [Process("serve", folder, told) for _ in range(2)]
        stack.enter_context(running(made))
        with client_of(made[0].url) as one:
            sign_up(one, EMAIL, "Somebody")
        yield made


@pytest.fixture
def clients(servers: list[Process]) -> Iterator[list[httpx.Client]]:
    """One person at both servers, as a program without cookies."""
    with client_of(servers[0].url) as one:
        token = sign_in(one, EMAIL)["access_token"]
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(client_of(server.url, token)) for server in servers]


def until_read_from(replica: bool, servers: list[Process]) -> None:
    """Wait until every server may, or may not, read from the replica."""
    wait_for(
        lambda: {server.metric(USABLE) for server in servers} == {float(replica)},
        "the servers to notice",
    )


def until_it_helps(server: Process, person: httpx.Client) -> None:
    """Read until the replica has answered one: right after a change it may be behind still."""
    before = server.metric(READS)

    def helps() -> bool:
        person.get("/tracks", headers=PAST_CACHES).raise_for_status()
        return server.metric(READS) > before

    wait_for(helps, "a read from the replica")


def test_nobody_misses_their_own_change_and_the_replica_helps(
    servers: list[Process], clients: list[httpx.Client]
) -> None:
    until_read_from(replica=True, servers=servers)

    seen = []
    for number in range(ROUNDS):
        writer, reader = clients[number % 2], clients[1 - number % 2]
        written = writer.patch("/users/me", json={"name": f"Name {number}"}).raise_for_status()
        mark = {"Backline-Watermark": written.headers["backline-watermark"]}
        seen.append(reader.get("/users/me", headers=mark).raise_for_status().json()["name"])

    assert seen == [f"Name {number}" for number in range(ROUNDS)]
    for server, person in zip(servers, clients, strict=True):
        until_it_helps(server, person)


def test_without_the_replica_everything_goes_on_and_with_it_again_it_is_used(
    cluster: Cluster, servers: list[Process], clients: list[httpx.Client]
) -> None:
    until_read_from(replica=True, servers=servers)
    (replica,) = cluster.replicas

    replica.stop()
    try:
        during = [one.get("/tracks", headers=PAST_CACHES).status_code for one in clients * 5]
        until_read_from(replica=False, servers=servers)
        ready = [httpx.get(f"{server.url}/health/ready").status_code for server in servers]
    finally:
        replica.launch()
        replica.wait_until_ready()
    until_read_from(replica=True, servers=servers)

    assert (set(during), ready) == ({200}, [200, 200])
    for server, person in zip(servers, clients, strict=True):
        until_it_helps(server, person)
