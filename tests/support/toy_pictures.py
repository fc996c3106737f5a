"""The part of a visit to toys that is about their pictures, from upload to backup and doctor.

What toys declare in `files` and `takes` is all that it stands on.
"""

import asyncio
import base64
import os
import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import httpx

from backline import main
from backline.commands import backup
from backline.commands.diagnosis import files
from backline.commands.ground import Ground, own_bin
from backline.platform.storage.sweep import Swept, sweep
from tests.support.api import Api

UPLOADS = "/api/v1/uploads"
TUS = {"Tus-Resumable": "1.0.0"}
PICTURE = b"picture"


def begin(length: int, **metadata: str) -> dict[str, str]:
    said = [f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in metadata.items()]
    return {**TUS, "Upload-Length": str(length), "Upload-Metadata": ",".join(said)}


async def send(client: httpx.AsyncClient, path: str, data: bytes) -> httpx.Response:
    headers = {**TUS, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    return await client.patch(path, headers=headers, content=data)


async def with_token(api: Api, person: httpx.AsyncClient, *scopes: str) -> httpx.AsyncClient:
    form = {"name": scopes[0], "scopes": scopes}
    made = await person.post("/api/v1/users/me/tokens", json=form)
    assert made.status_code == 201, made.text
    return api.client(made.json()["token"])


async def toy_of(api: Api, name: str) -> str:
    async with api.platform.database.read() as read:
        return str(await read.fetch_value("SELECT id FROM toys WHERE name = $1", name))


async def visit_pictures(api: Api, ada: httpx.AsyncClient, toy_id: str) -> None:
    """Ada pictures her toy, and leaves the picture behind."""
    toys_only = await with_token(api, ada, "toy:read", "toy:write")
    about: dict[str, Any] = {"kind": "toy-picture", "subject": toy_id}

    await _check_refusals(api, ada, toys_only, about)

    begun = await toys_only.post(UPLOADS, headers=begin(len(PICTURE), **about))
    assert begun.status_code == 201, begun.text
    path = begun.headers["location"]
    others = await with_token(api, ada, "audio:read", "audio:write")
    assert (await others.get(path)).status_code == 403
    assert (await others.delete(path, headers=TUS)).status_code == 403
    assert (await send(others, path, PICTURE)).status_code == 403
    assert (await send(toys_only, path, PICTURE)).status_code == 204
    shown = (await toys_only.get(path)).json()
    assert (shown["kind"], shown["track_id"]) == ("toy-picture", None), shown

    owner = UUID((await ada.get("/api/v1/users/me")).json()["id"])
    async with api.platform.database.read() as read:
        used = await read.fetch_value("SELECT used_bytes FROM users WHERE id = $1", owner)
    assert used == len(PICTURE)
    prefix = f"toy-pictures/{owner.hex}/{UUID(shown['thing_id']).hex}/1"
    url = api.platform.signer.url(prefix, "picture", datetime.now(UTC)).url
    media = await ada.get(url)
    assert (media.status_code, media.content) == (200, PICTURE)
    assert media.headers["content-type"] == "image/webp"

    await _check_sweep(api, f"{prefix}/picture")
    await _check_care(api, f"{prefix}/picture")


async def _check_refusals(
    api: Api, ada: httpx.AsyncClient, toys_only: httpx.AsyncClient, about: dict[str, Any]
) -> None:
    bob = await api.user("bob@example.org")
    for client, length, said, status in (
        (toys_only, 7, {}, 403),  # it would be a track
        (ada, 7, {"kind": "nothing"}, 422),
        (ada, 7, {"kind": "toy-picture", "subject": "x"}, 422),
        (ada, 1_001, about, 413),
        (bob, 7, about, 404),
    ):
        answer = await client.post(UPLOADS, headers=begin(length, **said))
        assert answer.status_code == status, (said, answer.text)
    assert (await bob.post("/api/v1/toys", json={"name": "bob's"})).status_code == 201
    lost = {**about, "subject": await toy_of(api, "bob's")}
    path = (await bob.post(UPLOADS, headers=begin(7, **lost))).headers["location"]
    async with api.platform.database.write() as tx:
        await tx.execute("DELETE FROM toys WHERE name = $1", "bob's")
    assert (await send(bob, path, PICTURE)).status_code == 404, "who may is asked again at the end"
    assert [file async for file in api.platform.storage.list("toy-pictures")] == []
    assert (await bob.delete(path, headers=TUS)).status_code == 204


async def _check_sweep(api: Api, kept: str) -> None:
    objects = api.platform.settings.media_dir / "objects"
    left_over = objects / "toy-pictures/a/b/1/left-over"
    left_over.parent.mkdir(parents=True)
    left_over.write_bytes(b"x")
    for path in (left_over, objects / kept):
        os.utime(path, (time.time() - 3 * 86_400,) * 2)
    swept = Swept(api.platform.storage, main.program().files)
    assert await sweep(api.platform.database, swept) == 1
    assert (objects / kept).read_bytes() == PICTURE
    assert not left_over.exists()


async def _check_care(api: Api, kept: str) -> None:
    settings = api.platform.settings
    ground = Ground(settings, None, settings.direct_dsn, own_bin(), None, is_running=True)
    backups = settings.data_dir / "backups"
    backups.mkdir()
    made, _ = await asyncio.to_thread(backup.make, ground, backups)
    assert (made / "media" / kept).read_bytes() == PICTURE

    there = ground.objects / kept
    there.rename(there.with_name("elsewhere"))
    found = [finding.what for finding in await files.examine(ground)]
    assert any(what.endswith(f"are missing, such as {kept}") for what in found), found
    there.with_name("elsewhere").rename(there)
