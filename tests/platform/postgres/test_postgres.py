"""The launcher of PostgreSQL by itself: its cluster, its notes, its log, its socket."""

import asyncio
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from backline.platform.host.privileges import ServiceUser, choose_user, make_folder
from backline.platform.host.runtime import Programs, reachable_programs
from backline.platform.postgres import Postgres, PostgresFault
from tests.support.installation import end_postgres_below, wait_for

pytestmark = pytest.mark.slow


class Place:
    """A data folder and all that works in it."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.user: ServiceUser | None = choose_user(None, data)
        make_folder(data, self.user)
        self.programs: Programs = reachable_programs(data, self.user, None)
        self.said: list[str] = []

    def postgres(self) -> Postgres:
        return Postgres(
            self.data, self.programs.postgres_bin, self.user, say=self.said.append, pause=time.sleep
        )

    def started(self) -> Postgres:
        postgres = self.postgres()
        postgres.prepare()
        postgres.start()
        postgres.wait_until_ready()
        return postgres


@pytest.fixture
def place() -> Iterator[Place]:
    with tempfile.TemporaryDirectory(prefix="backline-launcher-") as folder:
        Path(folder).chmod(0o755)
        yield Place(Path(folder) / "data")
        end_postgres_below(Path(folder))


def end(postgres: Postgres) -> None:
    postgres.ask_to_end()
    wait_for(postgres.has_ended, "PostgreSQL to end")


def ask(postgres: Postgres, sql: str) -> object:
    async def fetch() -> object:
        connection = await asyncpg.connect(postgres.dsn())
        try:
            return await connection.fetchval(sql)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def test_the_cluster_is_as_the_design_wants_it(place: Place) -> None:
    postgres = place.started()

    assert ask(postgres, "SHOW data_checksums") == "on"
    assert ask(postgres, "SHOW fsync") == "on"
    assert ask(postgres, "SHOW synchronous_commit") == "on"
    assert ask(postgres, "SHOW listen_addresses") == ""
    assert ask(postgres, "SHOW server_encoding") == "UTF8"
    assert ask(postgres, "SELECT 'ä' < 'z'") is False
    for name in ("postgres", "socket"):
        assert (place.data / name).stat().st_mode & 0o777 == 0o700
    assert (place.data / "postgres/backline.password").stat().st_mode & 0o777 == 0o600
    end(postgres)


def test_nobody_gets_in_without_the_password(place: Place) -> None:
    postgres = place.started()
    wrong = postgres.dsn().replace("backline:", "backline:x")

    with pytest.raises(asyncpg.InvalidPasswordError):
        asyncio.run(asyncpg.connect(wrong))

    end(postgres)


def test_a_note_that_names_another_living_process_is_no_obstacle(place: Place) -> None:
    end(place.started())
    note = place.data / "postgres/postmaster.pid"
    note.write_text(f"{os.getpid()}\n{place.data / 'postgres'}\n0\n5432\n\n\n0 0\nready\n")
    lock = place.data / "socket/.s.PGSQL.5432.lock"
    lock.write_text(f"{os.getpid()}\n")

    postgres = place.started()

    assert ask(postgres, "SELECT 1") == 1
    end(postgres)


def test_a_server_that_outlived_its_supervisor_is_ended_first(place: Place) -> None:
    outlived = place.started()

    postgres = place.started()

    assert outlived.has_ended()
    assert ask(postgres, "SELECT 1") == 1
    assert "Ending the database of a Backline that was killed…" in place.said
    end(postgres)


def test_a_start_that_fails_says_what_postgresql_said(place: Place) -> None:
    postgres = place.postgres()
    postgres.prepare()
    (place.data / "postgres/global/pg_control").unlink()
    postgres.start()

    with pytest.raises(PostgresFault, match="doesn't start") as raised:
        postgres.wait_until_ready()

    assert "pg_control" in str(raised.value)


def test_the_log_is_bounded(place: Place) -> None:
    postgres = place.started()
    log = place.data / "logs/postgres.log"
    with log.open("ab") as file:
        file.write(b"an old line\n" * 800_000)

    postgres.bound_log()
    with pytest.raises(asyncpg.UndefinedTableError):
        ask(postgres, "SELECT * FROM what_is_not_there")

    assert log.stat().st_size < 5 << 20
    wait_for(lambda: "what_is_not_there" in log.read_text(), "the new line")
    end(postgres)
