"""What all contestants share: PostgreSQL, Redis, 10,000 people with their music and tokens.

Everything here runs on the second core; only the server that is measured has the first.
"""

import asyncio
import base64
import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import msgspec

from backline import main as program
from backline.accounts import tokens
from backline.accounts.tokens import TokenKeys
from backline.audio import listing_sql
from backline.audio.models import TrackFilter
from backline.platform import telemetry
from backline.platform.cache import invalidate
from backline.platform.database import connect
from backline.platform.database import migrating as migrations
from backline.platform.secrets import Secrets, load_or_make_secrets
from backline.tasks.models import Filters
from backline.tasks.sql import lists as task_lists
from backline.tasks.sql import tasks as task_sql
from backline.tasks.sql.lists import Condition, Scope
from tests.support import postgres
from tests.support.installation import free_port, wait_for

PEOPLE = 10_000
TRACKS = 25  # of each: a page of 20 and some more, so that there is a next one
TOKEN_TTL_S = 86_400
# As `backline up` and any sound server have it: every commit is on the disk before its answer.
DURABLE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "autovacuum": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
}
_PEOPLE = """
INSERT INTO users (id, email, email_key, name, password_hash)
SELECT id, id || '@example.org', id || '@example.org', 'Somebody', '' FROM unnest($1::uuid[]) id
"""
_SESSIONS = """
INSERT INTO sessions (id, user_id, expires_at)
SELECT s, u, now() + interval '1 day' FROM unnest($1::uuid[], $2::uuid[]) AS given (s, u)
"""
_MUSIC = """
INSERT INTO tracks (id, owner_id, title, artist, album, album_artist, genre, year, track_number,
  disc_number, filename, content_type, size_bytes, sha256, status, duration_ms, generation,
  has_cover, loudness_lufs, true_peak_dbtp, gain_db, title_key, artist_key, album_key, search,
  created_at)
SELECT uuidv7(), owner, 'A song of middling length, no. ' || n, 'The Somebodies',
  'Live at the Hall', 'The Somebodies', 'Folk', 2024, n, 1, 'a song, no. ' || n || '.flac',
  'audio/mp4', 30000000 + n, '\\x00', 'ready', 215000 + n, 'a1b2c3d4', true, -14.25, -1.5, -3.75,
  'a song of middling length', 'somebodies', 'live at the hall',
  to_tsvector('simple', 'song ' || n),
  timestamptz '2026-01-01' + n * interval '1 hour 1 ms'
FROM unnest($1::uuid[]) AS owner, generate_series(1, $2) AS n
"""
_TASKS = """
INSERT INTO tasks (owner_id, id, title, status, priority, labels, position, due_at, created_by,
  created_at, title_key, search)
SELECT owner, uuidv7(), 'A task of middling length, no. ' || n, 'todo', n % 4,
  ARRAY['gear', 'tour'], n::text, timestamptz '2026-05-01' + n * interval '1 hour', owner,
  timestamptz '2026-01-01' + n * interval '1 hour 1 ms', 'task of middling length',
  array_to_tsvector(ARRAY(SELECT right(replace(owner::text, '-', ''), 10) || ':' || word
    FROM unnest(ARRAY['a', 'task', 'of', 'middling', 'length', 'gear', 'tour']) word))
FROM unnest($1::uuid[]) AS owner, generate_series(1, $2) AS n
"""
_FIRST_TASKS = "SELECT DISTINCT ON (owner_id) id, owner_id FROM tasks ORDER BY owner_id, id"
_FIRST_TRACKS = "SELECT DISTINCT ON (owner_id) id, owner_id FROM tracks ORDER BY owner_id, id"


class Person(msgspec.Struct, frozen=True):
    """Somebody with a session, a token of it, one of their tracks and one of their tasks."""

    user_id: UUID
    token: str
    track_id: UUID
    task_id: UUID


class Ground(msgspec.Struct, frozen=True):
    """The shared parts while they run."""

    server: postgres.PrivatePostgres
    folder: Path
    dsn: str
    redis_url: str
    secrets_file: Path
    users_file: Path
    tasks_file: Path
    peer_file: Path
    people: tuple[Person, ...]

    def copy(self) -> str:
        """The address of a database of its own with the same contents; nobody may be connected."""
        name = self.dsn.partition("?")[0].rpartition("/")[2]
        return self.server.dsn(self.server.create(template=name))


@contextlib.contextmanager
def laid() -> Iterator[Ground]:
    """Start and fill it all; it is gone when the `with` ends."""
    telemetry.set_up_logging(level="warning", as_json=False)
    postgres._SETTINGS.update(DURABLE)  # noqa: SLF001  # the tests' server, as a real one
    with tempfile.TemporaryDirectory(prefix="backline-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        user = postgres.service_user()
        owner = (user.pw_uid, user.pw_gid) if user else None
        secrets_file = folder / "secrets.json"
        secrets = load_or_make_secrets(secrets_file, owner)
        with postgres.running() as server, redis(folder / "redis") as redis_url:
            dsn = server.dsn(server.create())
            people = asyncio.run(_fill(dsn, secrets))
            users_file, tasks_file = folder / "users", folder / "task-users"
            peer_file = folder / "peer.json"
            users_file.write_text("".join(f"{one.token} {one.track_id}\n" for one in people))
            tasks_file.write_text("".join(f"{one.token} {one.task_id}\n" for one in people))
            _write_for_peers(peer_file, server.folder, dsn, redis_url, secrets, people)
            yield Ground(
                server,
                folder,
                dsn,
                redis_url,
                secrets_file,
                users_file,
                tasks_file,
                peer_file,
                people,
            )


@contextlib.contextmanager
def redis(folder: Path, *, appendfsync: str | None = None) -> Iterator[str]:
    """A Redis of our own; with `appendfsync` one that writes what it holds to the disk."""
    program_path = shutil.which("redis-server")
    if program_path is None:
        sys.exit("Peers need Redis, which isn't installed. Try: apt-get install redis-server")
    folder.mkdir()
    port = free_port()
    command = [program_path, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
    command += ["--save", "", "--maxmemory-policy", "noeviction"]
    if appendfsync is not None:
        command += ["--appendonly", "yes", "--appendfsync", appendfsync]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: _pings(port), "Redis to answer")
        yield f"redis://127.0.0.1:{port}"
    finally:
        child.kill()
        child.wait()


def _pings(port: int) -> bool:
    import redis as client  # noqa: PLC0415  # the name is this module's function

    with contextlib.suppress(client.ConnectionError), client.Redis(port=port) as connection:
        return bool(connection.ping())
    return False


async def _fill(dsn: str, secrets: Secrets) -> tuple[Person, ...]:
    await migrations.migrate(dsn, program.migrations())
    access = tuple(key.secret for key in secrets.keys("access-token").values())
    keys = TokenKeys(access, refresh=(), api=(), access_ttl_s=TOKEN_TTL_S)
    users = [UUID(bytes=os.urandom(16), version=4) for _ in range(PEOPLE)]
    sessions = [UUID(bytes=os.urandom(16), version=4) for _ in range(PEOPLE)]
    database = await connect(dsn, max_size=1, statement_timeout_s=300)
    async with database.write() as tx:
        await tx.execute(_PEOPLE, users)
        await tx.execute(_SESSIONS, sessions, users)
        await tx.execute(_MUSIC, users, TRACKS)
        await tx.execute(_TASKS, users, TRACKS)
    async with database.write() as tx:
        await tx.execute("ANALYZE")
        track_of = {one.owner_id: one.id for one in await tx.fetch(_FIRST_TRACKS, _ThingOf)}
        task_of = {one.owner_id: one.id for one in await tx.fetch(_FIRST_TASKS, _ThingOf)}
    await database.close()
    return tuple(
        Person(user, tokens.access_token(keys, session, user), track_of[user], task_of[user])
        for user, session in zip(users, sessions, strict=True)
    )


class _ThingOf(msgspec.Struct, frozen=True):
    id: UUID
    owner_id: UUID


class _Heard:
    """Stands where a `Write` would, and keeps what it is asked."""

    said = ""
    publish = None

    def __init__(self) -> None:
        self.notices: list[str] = []
        self.tags: dict[str, None] = {}
        self.last_words: list[Callable[[], Awaitable[None]]] = []

    async def fetch(self, query: str, _row: type, *_args: object) -> list[Any]:
        self.said = query
        return []

    async def fetch_one(self, query: str, _row: type, *_args: object) -> SimpleNamespace:
        self.said = query
        return SimpleNamespace(ids=[], tags=[])

    async def execute(self, query: str, *_args: object) -> int:
        self.said = query
        return 0

    def before_commit(self, callback: Callable[[], Awaitable[None]]) -> None:
        self.last_words.append(callback)

    def after_commit(self, callback: object, *, first: bool = False) -> None:
        """Nothing is committed here."""


def list_query() -> str:
    """The very SQL of our list's first page, which all peers run, too."""
    return listing_sql.statement(TrackFilter(), "-created_at", is_first=True)


def task_queries() -> dict[str, str]:
    """The very SQL of our list of tasks, of making one, and of telling caches and pages."""
    heard: Any = _Heard()
    scope = Scope(UUID(int=0), is_alone=True)
    asked = task_lists.page(heard, scope, Condition(), sort=Filters().sort, after=None, limit=21)
    asyncio.run(asked)
    listed = heard.said
    asyncio.run(task_sql.insert(heard, "tasks", UUID(int=0), [], []))
    inserted = heard.said
    invalidate(heard, "tasks")
    asyncio.run(heard.last_words[0]())
    return {"list": listed, "insert": inserted, "tell": heard.said}


def _write_for_peers(
    path: Path, host: Path, dsn: str, redis_url: str, secrets: Secrets, people: Sequence[Person]
) -> None:
    """What a peer needs, in one file, so that it answers as we do and asks as we do."""
    media = secrets.signing_key("media")
    database = dsn.partition("?")[0].rpartition("/")[2]
    said = {
        "dsn": dsn,
        "database": {"host": str(host), "user": "postgres", "database": database},
        "redis_url": redis_url,
        "access_key": base64.b64encode(secrets.signing_key("access-token").secret).decode(),
        "media_key": base64.b64encode(media.secret).decode(),
        "media_key_id": media.id,
        "list_query": list_query(),
        "task_queries": task_queries(),
        "users": {one.token: one.user_id.hex for one in people},
    }
    path.write_bytes(msgspec.json.encode(said))
