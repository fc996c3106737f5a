"""An installation with one large library, whose tracks are rows that the database made."""

import asyncio
import contextlib
import tempfile
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple
from uuid import UUID

import httpx

from backline import main as program
from backline.audio import filing
from backline.platform.database import connect
from backline.platform.database.migrating import migrate
from backline.platform.secrets import load_or_make_secrets
from benchmarks.rig import ground, servers
from tests.support import postgres
from tests.support.installation import sign_up
from tests.support.many import client_of

EMAIL = "ada@example.org"
FILL_S = 600
_FILL = """
INSERT INTO tracks (id, owner_id, title, artist, album, album_artist, genre, year, track_number,
  disc_number, filename, content_type, size_bytes, sha256, status, duration_ms, title_key,
  artist_key, album_key, search, created_at)
SELECT uuidv7(), $1, 'A song of middling length, no. ' || n, 'Artist ' || n / 50,
  'Album ' || n / 10, 'Artist ' || n / 50, 'Genre ' || n % 20, 1960 + n % 60, n % 10 + 1, 1,
  n % 10 || '.mp3', 'audio/mpeg', 8600000, sha256(n::text::bytea), 'ready', 215000, 'song',
  'artist', 'album', to_tsvector('simple', 'song ' || n),
  timestamptz '2026-01-01' + n * interval '1 second'
FROM generate_series(0, $2 - 1) AS n
"""
_UNFILED = "SELECT id FROM tracks WHERE owner_id = $1 AND album_id IS NULL ORDER BY id LIMIT 1000"


class Library(NamedTuple):
    """Where it answers, and whose it is; `client` asks `/api/v1` as its owner."""

    url: str
    client: httpx.Client
    dsn: str
    owner_id: UUID


@contextlib.contextmanager
def library(tracks: int) -> Iterator[Library]:
    """Start a server on the first core and fill its library: albums of ten, artists of five."""
    postgres._SETTINGS.update(ground.DURABLE)  # noqa: SLF001  # as a real one
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="backline-library-")))
        folder.chmod(0o755)
        user = postgres.service_user()
        server = stack.enter_context(postgres.running())
        dsn = server.dsn(server.create())
        asyncio.run(migrate(dsn, program.migrations()))
        secrets_file = folder / "secrets.json"
        load_or_make_secrets(secrets_file, (user.pw_uid, user.pw_gid) if user else None)
        place: Any = SimpleNamespace(dsn=dsn, folder=folder, secrets_file=secrets_file)
        limits = {
            "BACKLINE_LIMITS": "register=1000,rest=100000000",
            "BACKLINE_LIMIT_API_PER_MINUTE": "100000000",
        }
        ours = stack.enter_context(servers.ours(place, **limits))
        client = stack.enter_context(client_of(ours.url))
        sign_up(client, EMAIL)
        owner_id = UUID(client.get("/users/me").json()["id"])
        asyncio.run(_fill(dsn, owner_id, tracks))
        yield Library(ours.url, client, dsn, owner_id)


async def _fill(dsn: str, owner_id: UUID, tracks: int) -> None:
    database = await connect(dsn, max_size=1, statement_timeout_s=FILL_S)
    async with database.write() as tx:
        await tx.execute(_FILL, owner_id, tracks)
    while True:
        async with database.write() as tx:
            ids = await tx.fetch_values(_UNFILED, owner_id)
            if not ids:
                break
            await filing.file(tx, owner_id, ids)
    async with database.write() as tx:
        await tx.execute("ANALYZE")
    await database.close()
