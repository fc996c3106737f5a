"""Links of somebody's tracks, and a visitor who opens them."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx
import msgspec

from backline.audio import sql
from tests.audio.conftest import named
from tests.support.audio_things import RENDERED
from tests.support.things import Person

PLAYING = msgspec.structs.replace(
    RENDERED, files={"high.m4a": 4, "medium.m4a": 4, "cover-small.webp": 4}
)


async def ready(person: Person, **labels: Any) -> str:
    """A track that plays; its id."""
    track_id = await named(person, **labels)
    platform = person.api.platform
    async with platform.database.write() as tx:
        await sql.set_ready(tx, UUID(track_id), UUID(person.id), PLAYING)
    where = f"tracks/{UUID(person.id).hex}/{UUID(track_id).hex}/{PLAYING.generation}"
    for name in PLAYING.files:
        await platform.storage.put_stream(f"{where}/{name}", four_bytes())
    return track_id


async def four_bytes() -> AsyncIterator[bytes]:
    yield b"abcd"


def form_of(kind: str, thing_id: str, **said: Any) -> dict[str, Any]:
    return {"kind": kind, "thing_id": thing_id, **said}


async def shared(person: Person, kind: str, thing_id: str, **said: Any) -> dict[str, Any]:
    return (await person.post("/shares", json=form_of(kind, thing_id, **said))).json()


def token_of(share: dict[str, Any]) -> dict[str, str]:
    return {"token": share["path"].partition("#")[2]}


async def look(visitor: httpx.AsyncClient, share: dict[str, Any]) -> httpx.Response:
    return await visitor.post("/api/v1/shared/look", json=token_of(share))


async def behind(visitor: httpx.AsyncClient, share: dict[str, Any]) -> list[dict[str, Any]]:
    answer = await visitor.post("/api/v1/shared/tracks", json=token_of(share))
    return answer.raise_for_status().json()["items"]


async def streamed(
    visitor: httpx.AsyncClient, share: dict[str, Any], track_id: str, query: str = ""
) -> httpx.Response:
    where = f"/api/v1/shared/tracks/{track_id}/stream{query}"
    return await visitor.post(where, json=token_of(share))


async def end_at(person: Person, share: dict[str, Any], moment: datetime) -> None:
    async with person.api.platform.database.write() as tx:
        statement = "UPDATE shares SET expires_at = $2 WHERE id = $1"
        await tx.execute(statement, UUID(share["id"]), moment)
