"""The list of tracks as a FastAPI application answers it, with its usual company.

asyncpg runs our query, pydantic makes the answer, slowapi counts, uvicorn logs. Like its sibling
it looks up no sessions and keeps no metrics. PORT and BENCH_FILE say where and with what.
"""

import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import asyncpg
import jwt
from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi.middleware.cors import CORSMiddleware
from fastapi.middleware.gzip import GZipMiddleware
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel
from slowapi import Limiter
from slowapi.middleware import SlowAPIASGIMiddleware

GIVEN = json.loads(Path(os.environ["BENCH_FILE"]).read_bytes())
ACCESS_KEY = base64.b64decode(GIVEN["access_key"])
MEDIA_KEY = base64.b64decode(GIVEN["media_key"])
WINDOW_S = 1800
REMEMBERED = 20_000
MARK = hashlib.sha256(b"tracks:-created_at:").hexdigest()[:12]
_folders: dict[tuple[int, str], str] = {}


class Loudness(BaseModel):
    integrated_lufs: float | None
    true_peak_dbtp: float | None
    gain_db: float | None


class Cover(BaseModel):
    small: str
    large: str


class Credit(BaseModel):
    id: UUID
    name: str


class Track(BaseModel):
    id: UUID
    owner_id: UUID
    title: str
    artist: str
    album: str
    album_artist: str
    genre: str
    year: int | None
    track_number: int | None
    disc_number: int | None
    duration_ms: int | None
    status: str
    error: str | None
    job_id: UUID | None
    filename: str
    content_type: str
    size_bytes: int
    loudness: Loudness | None
    cover: Cover | None
    warnings: list[str]
    musicbrainz_id: UUID | None
    album_id: UUID | None
    artists: list[Credit]
    folder_id: UUID | None
    has_renditions: bool
    created_at: datetime
    updated_at: datetime
    version: int
    favorite_at: datetime | None
    rating: int | None
    play_count: int
    last_played_at: datetime | None


class TrackPage(BaseModel):
    items: list[Track]
    next_cursor: str | None


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings = {"plan_cache_mode": "force_generic_plan", "jit": "off", "timezone": "UTC"}
    pool = asyncpg.create_pool(GIVEN["dsn"], min_size=1, max_size=20, server_settings=settings)
    async with pool as app.state.pool:
        yield


def _caller_of(request: Request) -> str:
    return request.headers.get("authorization", "")


app = FastAPI(lifespan=lifespan, docs_url=None, redoc_url=None)
app.state.limiter = Limiter(key_func=_caller_of, default_limits=["1000000/minute"])
app.add_middleware(SlowAPIASGIMiddleware)
app.add_middleware(GZipMiddleware, compresslevel=6)
app.add_middleware(CORSMiddleware, allow_origins=["*"])
bearer = HTTPBearer(auto_error=False)


async def user_id(
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> UUID:
    if given is None:
        raise HTTPException(401, "Sign in first")
    try:
        claims = jwt.decode(given.credentials, ACCESS_KEY, algorithms=["HS256"], issuer="backline")
    except jwt.InvalidTokenError as fault:
        raise HTTPException(401, "Sign in again") from fault
    return UUID(hex=claims["sub"])


@app.get("/health/live")
async def live() -> dict[str, str]:
    return {"status": "ok"}


@app.get("/api/v1/tracks")
async def list_tracks(
    request: Request,
    response: Response,
    user: Annotated[UUID, Depends(user_id)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> TrackPage:
    async with request.app.state.pool.acquire() as connection:
        asked = (user, None, None, limit + 1, None, None, None, None)
        rows = await connection.fetch(GIVEN["list_query"], *asked)
    following = _cursor(rows[limit - 1]) if len(rows) > limit else None
    if following:
        response.headers["Link"] = f'<?cursor={following}>; rel="next"'
    return TrackPage(items=[_shown(row) for row in rows[:limit]], next_cursor=following)


def _shown(row: asyncpg.Record) -> Track:
    said: dict[str, Any] = dict(row)
    loudness = cover = None
    if said["loudness_lufs"] is not None:
        loudness = Loudness(
            integrated_lufs=said["loudness_lufs"],
            true_peak_dbtp=said["true_peak_dbtp"],
            gain_db=said["gain_db"],
        )
    if said["has_cover"] and said["generation"] is not None:
        where = _folder(f"tracks/{row['owner_id'].hex}/{row['id'].hex}/{row['generation']}")
        cover = Cover(small=f"{where}/cover-small.webp", large=f"{where}/cover-large.webp")
    artists = [
        Credit(id=credit, name=name)
        for credit, name in zip(row["artist_ids"], row["artist_names"], strict=True)
    ]
    recording = said["mbid"]
    return Track(**said, loudness=loudness, cover=cover, artists=artists, musicbrainz_id=recording)


def _folder(prefix: str) -> str:
    window = int(time.time()) // WINDOW_S
    url = _folders.get((window, prefix))
    if url is None:
        expires = (window + 2) * WINDOW_S
        digest = hmac.digest(MEDIA_KEY, f"{expires}\n{prefix}".encode(), "sha256")[:16]
        signature = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        url = f"/media/{expires}.{GIVEN['media_key_id']}.{signature}/{prefix}"
        if len(_folders) >= REMEMBERED:
            _folders.clear()
        _folders[window, prefix] = url
    return url


def _cursor(row: asyncpg.Record) -> str:
    key = json.dumps([row["created_at"].isoformat(), str(row["id"])])
    return base64.urlsafe_b64encode(f"{MARK}={key}".encode()).decode().rstrip("=")
