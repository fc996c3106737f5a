"""Workers killed at random while they write and send: of each reason one letter to each person.

What SMTP can't promise is the moment between the mail server's answer and our note of it: whoever
dies in it has a letter sent again, as the same message.
"""

import asyncio
import os
import subprocess
import sys
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from backline.notifications import notify
from backline.notifications.mailing import queue_digests
from backline.platform.database import Database
from tests.notifications import letter_worker
from tests.notifications.kinds import LOUD, notice
from tests.notifications.mailing import BUSY, person
from tests.notifications.test_letters import choose
from tests.platform.jobs.working import value
from tests.support.chance import chance
from tests.support.smtp import MailServer, mail_server
from tests.support.tree import ROOT

PEOPLE, REASONS, WORKERS, LEAST_KILLS = 10, 18, 3, 12
BOUND_S = 300


@pytest.fixture
async def smtp() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


class Crew:
    """Worker processes, one of which is killed now and then."""

    def __init__(self, dsn: str, url: str) -> None:
        program = [sys.executable, str(Path(letter_worker.__file__)), dsn, url]
        self._program, self._luck = program, chance("letters")
        self._members: list[subprocess.Popen[bytes]] = []
        self.kills = 0

    def fill(self) -> None:
        """Replace whoever has died."""
        env = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
        while len(self._members) < WORKERS:
            self._members.append(subprocess.Popen(self._program, env=env))

    def kill(self) -> None:
        """Kill one, whatever it is at."""
        victim = self._members.pop(self._luck.randrange(len(self._members)))
        victim.kill()
        victim.wait()
        self.kills += 1

    def end(self) -> None:
        """Kill the rest."""
        for member in self._members:
            member.kill()
            member.wait()


@pytest.mark.chaos
@pytest.mark.draws
async def test_each_person_has_one_letter_of_each_reason_however_many_workers_die(
    database: Database, dsn: str, smtp: MailServer, capsys: pytest.CaptureFixture[str]
) -> None:
    people = [await person(database, f"person{number}") for number in range(PEOPLE)]
    crew, luck = Crew(dsn, smtp.url), chance("kills")

    async def tell(reason: int) -> None:
        """Twice, as a job does that was killed after its work."""
        for _ in range(2):
            async with database.write() as tx:
                loud = [notice(one, f"loud {reason}", kind=LOUD) for one in people]
                await notify(tx, *loud, *(notice(one, f"quiet {reason}") for one in people))

    try:
        async with asyncio.timeout(BOUND_S):
            reason = 0
            while reason < REASONS or crew.kills < LEAST_KILLS or await value(database, BUSY):
                crew.fill()
                if reason < REASONS:
                    await tell(reason)
                    reason += 1
                if reason == REASONS // 2:
                    await digests(database, people)
                await asyncio.sleep(luck.uniform(0.1, 0.5))
                if crew.kills < LEAST_KILLS:
                    crew.kill()
    finally:
        crew.end()

    sent = Counter(
        (to[0], str(letter["Subject"]).endswith("new"), str(letter["Message-ID"]))
        for to, letter in zip(smtp.recipients, smtp.received, strict=True)
    )
    again = sum(sent.values()) - len(sent)
    with capsys.disabled():
        print(f"\n{len(sent)} letters, {again} sent again, {crew.kills} kills")  # noqa: T201
    loud = Counter(to for to, is_digest, _ in sent if not is_digest)
    digest = Counter(to for to, is_digest, _ in sent if is_digest)
    assert set(loud.values()) == {REASONS}
    assert set(digest.values()) == {1}
    assert len(loud) == len(digest) == PEOPLE
    assert again <= crew.kills * 4  # a worker sends four at once


async def digests(database: Database, people: list[UUID]) -> None:
    """Have everybody's digest be due, and looked after by three at once."""
    for one in people:
        await choose(database, one)
    await asyncio.gather(*(queue_digests(database, datetime.now(UTC)) for _ in range(3)))
