"""Processes end at the worst moment; everything finishes after a restart, nothing stays behind."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.support import sounds
from tests.support.installation import Installation, wait_for
from tests.support.library import stream_url, track, until_prepared, upload

pytestmark = [pytest.mark.chaos, pytest.mark.platform, pytest.mark.supervisor]
Prepare = Callable[..., Installation]
BIG_BYTES = 24 << 20


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Long enough to be caught in the middle of its rendition."""
    return sounds.tone(tmp_path / "song.wav", 150)


@pytest.fixture
def installed(prepare: Prepare) -> Installation:
    made = prepare()
    made.start()
    made.wait_until_ready()
    return made


@pytest.fixture
def client(installed: Installation) -> Iterator[httpx.Client]:
    with installed.add_user() as signed_in:
        yield signed_in


def kill(installation: Installation, *words: str) -> None:
    """SIGKILL the child of the installation that was started with all the words."""
    found = [p for p in descendants(installation) if _words(p).issuperset(words)]
    assert found, words
    found[0].send_signal(signal.SIGKILL)


def descendants(installation: Installation) -> list[psutil.Process]:
    return psutil.Process(installation.pid).children(recursive=True)


def is_rendering(client: httpx.Client, job_id: str) -> bool:
    job = client.get(f"/jobs/{job_id}").json()
    assert job["status"] != "done", "it was too fast to be caught: make the song longer"
    return job["status"] == "running" and job["progress"]["done"] > 0


def test_a_worker_killed_in_the_middle_of_a_rendition(
    installed: Installation, client: httpx.Client, song: Path
) -> None:
    made = upload(client, song)
    wait_for(lambda: is_rendering(client, made["job_id"]), "the rendition to be under way")

    kill(installed, "work")

    prepared = until_prepared(client, made["id"])
    assert prepared["status"] == "ready", prepared
    assert client.get(f"/jobs/{made['job_id']}").json()["attempts"] == 2
    work = installed.data / "media" / "work"
    wait_for(lambda: not list(work.iterdir()), "the work folder to be empty")


def test_postgres_killed_in_the_middle_of_a_rendition(
    installed: Installation, client: httpx.Client, song: Path
) -> None:
    made = upload(client, song)
    wait_for(lambda: is_rendering(client, made["job_id"]), "the rendition to be under way")

    kill(installed, "postgres", "-D")
    installed.wait_until_ready()

    assert until_prepared(client, made["id"])["status"] == "ready"


def test_the_supervisor_killed_in_the_middle_of_a_rendition(
    installed: Installation, client: httpx.Client, song: Path
) -> None:
    made = upload(client, song)
    wait_for(lambda: is_rendering(client, made["job_id"]), "the rendition to be under way")
    children = [p for p in descendants(installed) if _words(p) >= {"-m", "backline"}]
    assert children

    installed.kill()
    wait_for(lambda: not any(_lives(p) for p in children), "the children to end")
    installed.start()
    installed.wait_until_ready()

    assert until_prepared(client, made["id"])["status"] == "ready"


def test_the_server_killed_in_the_middle_of_an_upload(
    installed: Installation, client: httpx.Client
) -> None:
    length = BIG_BYTES
    created = client.post(
        "/uploads",
        headers={
            "Tus-Resumable": "1.0.0",
            "Upload-Length": str(length),
            "Upload-Metadata": "filename c29uZy53YXY=",
        },
    )
    location = created.headers["location"].removeprefix("/api/v1")
    sent = 0

    def body() -> object:
        nonlocal sent
        for _ in range(length // (1 << 20)):
            yield b"\0" * (1 << 20)
            sent += 1 << 20
            if sent == length // 2:
                kill(installed, "serve")

    with pytest.raises(httpx.TransportError):
        client.patch(
            location,
            content=body(),  # type: ignore[arg-type]
            headers=_tus(0),
        )
    installed.wait_until_ready()

    offset = int(client.head(location, headers={"Tus-Resumable": "1.0.0"}).headers["upload-offset"])
    finished = client.patch(location, content=b"\0" * (length - offset), headers=_tus(offset))

    assert 0 <= offset <= length
    assert finished.status_code == 204
    assert client.get(location).json()["track_id"]


def test_sigterm_with_an_open_stream_and_a_running_upload(
    installed: Installation, client: httpx.Client
) -> None:
    created = client.post(
        "/uploads", headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(BIG_BYTES)}
    )
    location = created.headers["location"].removeprefix("/api/v1")
    staging = installed.data / "media" / "staging"
    exit_code: list[int] = []

    def body() -> object:
        yield b"\0" * (4 << 20)
        # Sent isn't received: a server that is told to stop takes in nothing that it hasn't begun.
        wait_for(lambda: any(f.stat().st_size for f in staging.iterdir()), "bytes on the disk")
        os.kill(installed.pid, signal.SIGTERM)
        for _ in range(10_000):
            yield b"\0" * 1024

    with client.stream("GET", "/events", timeout=60) as events:
        next(events.iter_lines())
        answer = _patch(client, location, body)
        assert answer is None or answer.status_code != 204, "it can't have been whole"
        exit_code.append(installed.wait_ended())
    installed.start()
    installed.wait_until_ready()

    assert exit_code == [0]
    answer = client.head(location, headers={"Tus-Resumable": "1.0.0"})
    offset = int(answer.headers["upload-offset"])
    assert 0 < offset < BIG_BYTES


def test_no_client_is_ever_given_a_part_of_a_file(
    installed: Installation, client: httpx.Client, song: Path
) -> None:
    made = upload(client, song)
    wait_for(lambda: is_rendering(client, made["job_id"]), "the rendition to be under way")
    assert client.get(f"/tracks/{made['id']}/stream").status_code == 409

    kill(installed, "work")
    assert track(client, made["id"])["status"] == "processing"
    until_prepared(client, made["id"])

    url = installed.url + stream_url(client, made["id"], quality="auto")
    assert 0 <= len(sounds.decoded("-i", url, channels=1)) - 150 * 44_100 < 1024


def _patch(
    client: httpx.Client, location: str, body: Callable[[], object]
) -> httpx.Response | None:
    """Send bytes; None where the connection broke on the way."""
    try:
        return client.patch(location, content=body(), headers=_tus(0))  # type: ignore[arg-type]
    except httpx.TransportError:
        return None


def _tus(offset: int) -> dict[str, str]:
    return {
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": str(offset),
        "Content-Type": "application/offset+octet-stream",
    }


def _words(process: psutil.Process) -> set[str]:
    """Its program's name and its arguments: never a part of the path where it happens to lie."""
    try:
        program, *arguments = process.cmdline() or [""]
    except psutil.NoSuchProcess:
        return set()
    return {Path(program).name, *arguments}


def _lives(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
