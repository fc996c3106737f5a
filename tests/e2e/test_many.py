"""Three servers and two workers on one PostgreSQL and one Redis, behind nginx as it is shipped."""

import base64
import contextlib
import hashlib
import json
import threading
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Self

import httpx
import pytest

from tests.support import sounds
from tests.support.installation import sign_up, wait_for
from tests.support.library import ready, stream_url, until_prepared
from tests.support.many import Process, Proxy, client_of, environment, running, shared_folder
from tests.support.postgres import PrivatePostgres
from tests.support.redis import PrivateRedis
from tests.support.redis import running as running_redis

ENOUGH = 150

pytestmark = pytest.mark.platform


class Cluster:
    """Everything together."""

    def __init__(
        self, servers: list[Process], workers: list[Process], proxy: Proxy, redis: PrivateRedis
    ) -> None:
        self.servers, self.workers, self.proxy, self.redis = servers, workers, proxy, redis
        self._people = 0

    def add_user(self) -> tuple[str, dict[str, str]]:
        """Somebody new: their address and the tokens that one server gave."""
        self._people += 1
        email = f"user{self._people}@example.org"
        with client_of(self.servers[self._people % 3].url) as one:
            return email, sign_up(one, email, "Somebody")


@pytest.fixture(scope="module")
def cluster(postgres: PrivatePostgres, migrated: str) -> Iterator[Cluster]:
    name = postgres.create(migrated)
    with contextlib.ExitStack() as stack:
        stack.callback(postgres.drop, name)
        folder = stack.enter_context(shared_folder())
        redis = stack.enter_context(running_redis())
        redis.open_to_all()
        told = {
            **environment(folder, postgres.dsn(name)),
            "BACKLINE_REDIS_URL": redis.url,
            "BACKLINE_TRUSTED_PROXIES": "127.0.0.1/32",
            "BACKLINE_DRAIN_S": "1",
            "BACKLINE_MEDIA_OFFLOAD": "nginx",
        }
        servers = [Process("serve", folder, told) for _ in range(3)]
        workers = [Process("work", folder, told) for _ in range(2)]
        proxy = Proxy(folder, servers)
        stack.enter_context(running((*servers, *workers), proxy))
        yield Cluster(servers, workers, proxy, redis)


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    return sounds.encoded(sounds.tone(folder / "t.wav", 5), folder / "song.flac")


@pytest.fixture
def clients(cluster: Cluster) -> Iterator[list[httpx.Client]]:
    """Somebody new at each of the servers, and through the proxy."""
    _, tokens = cluster.add_user()
    urls = [*(server.url for server in cluster.servers), cluster.proxy.url]
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(client_of(url, tokens["access_token"])) for url in urls]


def test_what_one_server_takes_in_another_plays(
    cluster: Cluster, clients: list[httpx.Client], song: Path
) -> None:
    one, other, third, _ = clients

    track = ready(one, song)
    url = stream_url(other, track["id"], quality="original")
    played = httpx.get(cluster.proxy.url + url)
    part = httpx.get(cluster.proxy.url + url, headers={"Range": "bytes=100-199"})
    same = {"Range": "bytes=100-199", "If-Range": played.headers["ETag"]}
    same_part = httpx.get(cluster.proxy.url + url, headers=same)
    asked_again = {"If-None-Match": played.headers["ETag"]}
    known = httpx.get(cluster.proxy.url + url, headers=asked_again)
    handed_over = httpx.get(cluster.servers[2].url + url)
    guessed = httpx.get(cluster.proxy.url + handed_over.headers["X-Accel-Redirect"])

    assert third.get("/tracks").json()["items"][0]["id"] == track["id"]
    assert played.content == song.read_bytes()
    assert played.headers["Content-Type"] == "audio/flac"
    assert "sandbox" in played.headers["Content-Security-Policy"]
    assert "X-Accel-Redirect" not in played.headers
    for some in (part, same_part):
        assert (some.status_code, some.content) == (206, song.read_bytes()[100:200])
    assert (known.status_code, known.content) == (304, b"")
    assert handed_over.content == b""
    assert guessed.status_code == 404


def test_an_upload_goes_on_wherever_its_parts_land(
    cluster: Cluster, clients: list[httpx.Client], song: Path
) -> None:
    data = song.read_bytes()
    tus = {"Tus-Resumable": "1.0.0"}
    name = base64.b64encode(b"song.flac").decode()
    begin = {**tus, "Upload-Length": str(len(data)), "Upload-Metadata": f"filename {name}"}
    made = clients[0].post("/uploads", headers=begin)
    path = made.raise_for_status().headers["location"].removeprefix("/api/v1")

    step = len(data) // 7 + 1
    for number, offset in enumerate(range(0, len(data), step)):
        part = {"Upload-Offset": str(offset), "Content-Type": "application/offset+octet-stream"}
        sent = clients[number % 4].patch(
            path, headers={**tus, **part}, content=data[offset : offset + step]
        )
        assert sent.status_code == 204, sent.text
    track = until_prepared(clients[3], clients[2].get(path).json()["track_id"])

    assert track["status"] == "ready"
    url = stream_url(clients[1], track["id"], quality="original")
    kept = httpx.get(cluster.proxy.url + url).content
    assert hashlib.sha256(kept).digest() == hashlib.sha256(data).digest()


def test_a_large_body_and_a_bad_one_pass_the_proxy(clients: list[httpx.Client]) -> None:
    # Over every bound that nginx has of its own.
    noise = {"file": ("noise.wav", b"RIFF" + bytes(5 << 20))}
    taken = clients[3].post("/tracks", files=noise)
    refused = clients[3].post("/client-errors", json={"message": "x" * (1 << 20)})
    # Each on a connection of its own: nginx ends one on which somebody still sent.
    url = f"{clients[3].base_url}tracks"
    unknown = [httpx.post(url, files=noise, timeout=60).status_code for _ in range(10)]

    assert taken.status_code == 202, taken.text
    assert unknown == [401] * 10
    assert refused.status_code == 413
    assert refused.headers["content-type"] == "application/problem+json"


def test_events_of_a_worker_arrive_through_the_proxy(
    clients: list[httpx.Client], song: Path
) -> None:
    seen: list[tuple[str, str]] = []
    with clients[3].stream("GET", "/events") as stream:
        lines = stream.iter_lines()
        assert next(lines).startswith("retry:")  # it came before anything happened
        files = {"file": ("song.flac", song.read_bytes())}
        clients[0].post("/tracks", files=files).raise_for_status()
        while ("job", "done") not in seen:
            seen.append(next_event(lines))

    assert seen[0] == ("track", "created")


def next_event(lines: Iterator[str]) -> tuple[str, str]:
    """The next event's name, and what it says has become of the thing."""
    name = next(line for line in lines if line.startswith("event:")).partition(": ")[2]
    data = json.loads(next(line for line in lines if line.startswith("data:")).partition(": ")[2])
    return name, data.get("status") or data.get("action") or ""


def test_limits_count_together_and_by_the_callers_own_address(cluster: Cluster) -> None:
    def remaining(caller: str, lie: str) -> int:
        transport = httpx.HTTPTransport(local_address=caller)
        with httpx.Client(transport=transport, base_url=f"{cluster.proxy.url}/api/v1") as one:
            # A form that is wrong counts, too.
            answer = one.post("/auth/register", json={}, headers={"X-Forwarded-For": lie})
        policies = answer.headers["RateLimit"].split(", ")
        figures = next(one for one in policies if one.startswith('"register"'))
        return int(figures.partition("r=")[2].partition(";")[0])

    counted = [remaining("127.0.0.2", f"203.0.113.{number}") for number in range(6)]

    assert counted == [counted[0] - number for number in range(6)]
    assert remaining("127.0.0.3", "203.0.113.1") == counted[0]


class Load:
    """Requests that only read, from several callers at once, until told to stop."""

    def __init__(self, url: str, token: str, paths: list[str], callers: int = 4) -> None:
        self.statuses: Counter[str] = Counter()
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=self._call, args=(url, token, paths)) for _ in range(callers)
        ]

    def _call(self, url: str, token: str, paths: list[str]) -> None:
        headers = {"Authorization": f"Bearer {token}"}
        with httpx.Client(base_url=url, headers=headers, timeout=60) as one:
            while not self._stop.is_set():
                for path in paths:
                    try:
                        self.statuses[str(one.get(path).status_code)] += 1
                    except httpx.HTTPError as fault:
                        self.statuses[repr(fault)] += 1

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def answered(self) -> int:
        return sum(self.statuses.values())

    def goes_on(self, enough: int = ENOUGH) -> None:
        """Wait until so many more are answered."""
        until = self.answered() + enough
        wait_for(lambda: self.answered() >= until, "requests to be answered")


def test_a_server_ends_and_comes_back_without_a_failed_request(
    cluster: Cluster, song: Path
) -> None:
    _, tokens = cluster.add_user()
    with client_of(cluster.proxy.url, tokens["access_token"]) as one:
        url = stream_url(one, ready(one, song)["id"])
    leaving = cluster.servers[1]
    paths = ["/api/v1/users/me", "/api/v1/tracks", url]

    with Load(cluster.proxy.url, tokens["access_token"], paths) as load:
        load.goes_on()
        leaving.terminate()
        assert leaving.wait_ended() == 0
        load.goes_on()
        leaving.start()
        leaving.wait_until_ready()
        before = served(cluster, leaving)
        wait_for(lambda: served(cluster, leaving) > before, "nginx to ask it again")

    assert set(load.statuses) == {"200"}


def served(cluster: Cluster, server: Process) -> int:
    """How many requests nginx has had answered by a server."""
    lines = [json.loads(line) for line in cluster.proxy.access_log().splitlines()]
    mine = f"127.0.0.1:{server.port}"
    return sum(line["upstream"] == mine and line["status"] == 200 for line in lines)


def test_a_server_that_is_killed_costs_no_reader_anything(cluster: Cluster) -> None:
    _, tokens = cluster.add_user()
    killed = cluster.servers[2]

    with Load(cluster.proxy.url, tokens["access_token"], ["/api/v1/tracks"]) as load:
        load.goes_on()
        killed.clean_up()
        load.goes_on()
    killed.start()
    killed.wait_until_ready()

    assert set(load.statuses) == {"200"}


def test_redis_comes_and_goes_unnoticed(cluster: Cluster) -> None:
    _, tokens = cluster.add_user()
    _, others = cluster.add_user()
    one, other = cluster.servers[:2]

    with Load(cluster.proxy.url, tokens["access_token"], ["/api/v1/users/me"], callers=2) as load:
        load.goes_on()
        cluster.redis.kill()
        load.goes_on()
        without = component(one, "redis")
        alone = one.metric("backline_limits_alone_total")
        log_out_and_wait(one, other, others)
        cluster.redis.start()
        cluster.redis.open_to_all()
        wait_for(lambda: component(one, "redis") == ("ok", 200), "Redis to be known again")
        wait_for(lambda: counts_together(one), "limits to be counted together again")

    assert set(load.statuses) == {"200"}
    assert without == ("down", 200)
    assert alone > 0


def component(server: Process, name: str) -> tuple[str, int]:
    """How a server finds a part of it, and whether it is ready all the same."""
    answer = httpx.get(f"{server.url}/health/ready", timeout=60)
    return answer.json()["components"][name]["status"], answer.status_code


def counts_together(server: Process) -> bool:
    """Whether a request is no longer counted by the process alone."""
    before = server.metric("backline_limits_alone_total")
    httpx.get(f"{server.url}/api/v1/tracks", timeout=60)
    return server.metric("backline_limits_alone_total") == before


def log_out_and_wait(one: Process, other: Process, tokens: dict[str, str]) -> None:
    """Sign out at one server; the other has to know it soon."""
    with client_of(other.url, tokens["access_token"]) as somebody:
        assert somebody.get("/users/me").status_code == 200
        with client_of(one.url) as anonymous:
            anonymous.post("/auth/logout", json={"refresh_token": tokens["refresh_token"]})
        wait_for(lambda: somebody.get("/users/me").status_code == 401, "the logout to be known")


def test_the_log_has_no_signature_and_tells_who_answered(cluster: Cluster) -> None:
    lines = [json.loads(line) for line in cluster.proxy.access_log().splitlines()]
    media = [line["path"] for line in lines if line["path"].startswith("/media/")]
    answered = {line["upstream"].split(", ")[-1] for line in lines}

    assert media
    assert all(path.startswith("/media/-/") for path in media)
    assert {f"127.0.0.1:{server.port}" for server in cluster.servers} <= answered
