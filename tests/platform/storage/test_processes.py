"""A real server process: killed in the middle of an upload, and weighed under large files."""

import asyncio
import hashlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from backline.platform.ids import uuid7
from backline.platform.media.signing import MediaSigner
from backline.platform.secrets import load_or_make_secrets
from backline.platform.storage import FolderStorage
from tests.support.serving import free_port, listening
from tests.support.waiting import until

ROOT = Path(__file__).parents[3]
LARGE_BYTES = 300_000_000
ALLOWED_GROWTH_BYTES = 40_000_000
WAIT_S = 60
PREFIX = "tracks/owner/track/g1"

pytestmark = pytest.mark.slow


class Server:
    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self.base = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "tests.support.files_server", folder, str(self.port)]
        paths = {"PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT)))}
        self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **paths})

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(WAIT_S)

    def committed(self, upload_id: UUID) -> int:
        note = self.folder / f"{upload_id}.offset"
        return int(note.read_text()) if note.exists() else 0

    def forget_peak(self) -> int:
        """Start to weigh anew; what it weighs now, in bytes."""
        Path(f"/proc/{self.process.pid}/clear_refs").write_text("5")
        return self.peak_bytes()

    def peak_bytes(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024


@asynccontextmanager
async def running(folder: Path) -> AsyncIterator[Server]:
    server = Server(folder)
    try:
        await listening(server.port)
        yield server
    finally:
        server.kill()


def blocks(size_bytes: int, seed: int = 7) -> Iterator[bytes]:
    """Bytes that are never whole in memory; equal seeds give equal bytes."""
    block = hashlib.shake_256(bytes([seed])).digest(1 << 20)
    for at in range(0, size_bytes, len(block)):
        yield block[: size_bytes - at]


async def async_blocks(size_bytes: int) -> AsyncIterator[bytes]:
    for block in blocks(size_bytes):
        yield block


def sha256_of(size_bytes: int) -> str:
    digest = hashlib.sha256()
    for block in blocks(size_bytes):
        digest.update(block)
    return digest.hexdigest()


async def test_memory_stays_flat_under_large_files(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    storage.prepare()
    await storage.put_stream(f"{PREFIX}/large.bin", async_blocks(LARGE_BYTES))
    signer = MediaSigner(load_or_make_secrets(tmp_path / "secrets.json"))
    grown: dict[str, int] = {}

    async with running(tmp_path) as server, httpx.AsyncClient(timeout=WAIT_S) as client:
        for size_bytes in (2_000_000, LARGE_BYTES):  # the first warms it up
            before = server.forget_peak()
            assert await upload_form(client, server, size_bytes) == sha256_of(size_bytes)
            grown["form"] = server.peak_bytes() - before
            before = server.forget_peak()
            url = f"{server.base}/uploads/{uuid7()}?0"
            answer = await client.patch(url, content=async_blocks(size_bytes))
            assert int(answer.text) == size_bytes
            grown["resumable"] = server.peak_bytes() - before
            before = server.forget_peak()
            assert await download(client, server, signer) == sha256_of(LARGE_BYTES)
            grown["download"] = server.peak_bytes() - before

    assert max(grown.values()) < ALLOWED_GROWTH_BYTES, grown


async def upload_form(client: httpx.AsyncClient, server: Server, size_bytes: int) -> str:
    async def form() -> AsyncIterator[bytes]:
        yield b'--XX\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for block in blocks(size_bytes):
            yield block
        yield b"\r\n--XX--\r\n"

    kind = {"content-type": "multipart/form-data; boundary=XX"}
    answer = await client.post(f"{server.base}/form", content=form(), headers=kind)
    assert answer.status_code == 200, answer.text
    return answer.text.split()[1]


async def download(client: httpx.AsyncClient, server: Server, signer: MediaSigner) -> str:
    url = server.base + signer.url(PREFIX, "large.bin", datetime.now(UTC)).url
    digest = hashlib.sha256()
    async with client.stream("GET", url) as answer:
        assert answer.status_code == 200
        async for piece in answer.aiter_bytes():
            digest.update(piece)
    return digest.hexdigest()


async def test_a_killed_server_goes_on_where_the_offset_says(tmp_path: Path) -> None:
    upload_id, size_bytes = uuid7(), 100_000_000
    data = b"".join(blocks(size_bytes))
    offsets = [0]

    for _ in range(3):
        async with running(tmp_path) as server, httpx.AsyncClient(timeout=WAIT_S) as client:
            before = server.committed(upload_id)
            sending = asyncio.create_task(
                client.patch(
                    f"{server.base}/uploads/{upload_id}?{before}",
                    content=slowly(data[before:]),
                )
            )
            await until(partial(passed, server, upload_id, before))
            server.kill()
            with pytest.raises(httpx.HTTPError):
                await sending
            offsets.append(server.committed(upload_id))
    async with running(tmp_path) as server, httpx.AsyncClient(timeout=WAIT_S) as client:
        begin = server.committed(upload_id)
        url = f"{server.base}/uploads/{upload_id}?{begin}"
        last = await client.patch(url, content=data[begin:])

    assert offsets == sorted(set(offsets))
    assert last.text == str(size_bytes)
    assert (tmp_path / "staging" / upload_id.hex).read_bytes() == data


def passed(server: Server, upload_id: UUID, offset: int) -> bool:
    return server.committed(upload_id) > offset


async def slowly(data: bytes) -> AsyncIterator[bytes]:
    """Much at once, then byte by byte, so that the kill comes in the middle."""
    much = 20 << 20
    for at in range(0, much, 1 << 20):
        yield data[at : at + (1 << 20)]
    for at in range(much, len(data)):
        await asyncio.sleep(0.1)
        yield data[at : at + 1]
