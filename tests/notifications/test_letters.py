"""Letters about notices: to whom they go, what they say, and when none is written."""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import UUID

import pytest

from backline import accounts
from backline.accounts import Container
from backline.notifications import notify, settings_sql
from backline.notifications.mailing import PER_HOUR, queue_digests
from backline.notifications.mailing import write as write_letter
from backline.platform.database import Database
from backline.platform.ids import uuid7
from tests.notifications.kinds import LOUD, notice
from tests.notifications.mailing import BASE, BUSY, confirm, mailing, person, posting
from tests.platform.jobs.working import eventually, execute, value
from tests.support.smtp import MailServer, mail_server
from tests.support.things import Person

pytestmark = pytest.mark.slow

WAITING = """
SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


@pytest.fixture
async def smtp() -> AsyncIterator[MailServer]:
    async with mail_server() as server:
        yield server


async def settle(database: Database) -> None:
    """Wait until nobody writes or sends any more."""

    async def is_idle() -> bool:
        return await value(database, BUSY) == 0

    await eventually(is_idle)


def text_of(message: EmailMessage) -> str:
    """What a letter says, as plain text."""
    body = message.get_body(("plain",))
    assert body is not None
    return body.get_content().replace("\r\n", "\n")


async def choose(database: Database, who: UUID, **said: object) -> None:
    """Have somebody want a digest at eight, which is due."""
    row = {"is_digest": True, "next_digest_at": datetime.now(UTC) - timedelta(minutes=1), **said}
    async with database.write() as tx:
        await settings_sql.lock(tx, who, "Europe/Oslo", 8)
    fields = ", ".join(f"{name} = ${number}" for number, name in enumerate(row, 2))
    await execute(
        database,
        f"UPDATE notice_settings SET {fields} WHERE owner_id = $1",  # noqa: S608  # names of ours
        who,
        *row.values(),
    )


async def test_a_letter_says_what_happened_and_how_to_have_no_more(
    database: Database, smtp: MailServer
) -> None:
    ada = await person(database, "ada")
    async with database.write() as tx:
        await notify(tx, notice(ada, kind=LOUD, title="Ben <b>calls</b> you", text="At nine."))
    async with posting(database, smtp):
        await smtp.message()
        await settle(database)

    [letter] = smtp.received
    text, html = text_of(letter), letter.get_body(("html",))
    assert html is not None
    assert (letter["To"], letter["Subject"]) == ("ada@example.org", "Ben <b>calls</b> you")
    assert text.startswith(f"Hello Ada,\n\nBen <b>calls</b> you\n\nAt nine.\n\n{BASE}/tasks\n")
    assert "You get letters about rehearsals that you are called to." in text
    assert "Ben &lt;b&gt;calls&lt;/b&gt; you" in html.get_content()
    one_click = re.fullmatch(
        rf"<({re.escape(BASE)}/api/v1/notifications/unsubscribe\?token=(\S+))>",
        letter["List-Unsubscribe"],
    )
    assert one_click is not None
    assert f"{BASE}/unsubscribe#{one_click[2]}" in text
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_no_letter_is_written_to_whom_none_may_or_needs_to_be(
    database: Database, smtp: MailServer, ada: Person, ben: Person
) -> None:
    quiet, read, closed, moved = [
        await person(database, name) for name in ("quiet", "read", "closed", "moved")
    ]
    project = Container(UUID(ada.id), uuid7(), "project")
    await confirm(database, ben.id)
    no = {"kinds": {LOUD.name: {"mail": False}}}
    (await ben.client.patch("/api/v1/notifications/settings", json=no)).raise_for_status()
    async with database.write() as tx:
        await accounts.add_member(tx, project, moved, "viewer")
        people = (UUID(ada.id), UUID(ben.id), read, closed)  # ada's address isn't confirmed
        await notify(tx, *(notice(one, kind=LOUD) for one in people))
        await notify(tx, notice(quiet), notice(moved, kind=LOUD, container=project))
        await accounts.remove_member(tx, project, moved)
    await execute(database, "UPDATE notices SET read_at = now() WHERE owner_id = $1", read)
    await execute(database, "UPDATE users SET disabled_at = now() WHERE id = $1", closed)

    async with posting(database, smtp):
        await settle(database)

    assert smtp.received == []
    assert await value(database, "SELECT count(*) FROM outbox") == 0


async def test_without_a_mail_server_nothing_is_kept_for_administrators(
    database: Database,
) -> None:
    ada = await person(database, "ada")
    async with database.write() as tx:
        await notify(tx, notice(ada, kind=LOUD))
    async with posting(database, None):
        await settle(database)

    assert await value(database, "SELECT count(*) FROM outbox") == 0
    assert await value(database, "SELECT count(*) FROM notices") == 1


async def test_what_is_too_much_for_an_hour_waits_for_the_digest(
    database: Database, smtp: MailServer
) -> None:
    ada = await person(database, "ada")
    async with posting(database, smtp):
        for number in range(PER_HOUR + 5):
            async with database.write() as tx:
                called = notice(ada, f"{number}", kind=LOUD, title=f"Call {number}")
                await notify(tx, called)
            await settle(database)
        at_once = [one["Subject"] for one in smtp.received]
        await choose(database, ada)
        await queue_digests(database, datetime.now(UTC))
        await settle(database)

    assert at_once == [f"Call {number}" for number in range(PER_HOUR)]
    assert ["Much is happening" in text_of(one) for one in smtp.received] == [
        *([False] * (PER_HOUR - 1)),
        True,
        False,
    ]
    assert smtp.received[-1]["Subject"] == "5 things are new"
    assert all(f"Call {PER_HOUR + n}\n" in text_of(smtp.received[-1]) for n in range(5))


async def test_two_who_write_at_once_count_each_others_letters(database: Database) -> None:
    ada, made = await person(database, "ada"), mailing("smtp://127.0.0.1:1")
    async with database.write() as tx:
        await notify(tx, *(notice(ada, f"{n}", kind=LOUD) for n in range(PER_HOUR + 1)))
    async with database.read() as read:
        ids = await read.fetch_values("SELECT id FROM notices ORDER BY id")

    async def write(notice_id: UUID) -> None:
        async with database.write() as tx:
            await write_letter(tx, made, ada, notice_id)

    for one in ids[: PER_HOUR - 1]:
        await write(one)
    async with database.write() as tx:
        await write_letter(tx, made, ada, ids[-1])
        other = asyncio.create_task(write(ids[-2]))

        async def has_come() -> bool:
            return other.done() or await value(database, WAITING) > 0

        await eventually(has_come)
    await other

    assert await value(database, "SELECT count(*) FROM outbox") == PER_HOUR


async def test_a_digest_has_what_somebody_wants_by_mail_alone(
    database: Database, smtp: MailServer
) -> None:
    by_mail, neither = await person(database, "mail"), await person(database, "neither")
    hidden = f'{{"{LOUD.name}": {{"page": false}}}}'
    refused = f'{{"{LOUD.name}": {{"page": false, "mail": false}}}}'
    for one in (by_mail, neither):
        await choose(database, one, choices=hidden)
    async with posting(database, smtp):
        for one in (by_mail, neither):
            async with database.write() as tx:
                called = (notice(one, f"{n}", kind=LOUD) for n in range(PER_HOUR + 2))
                await notify(tx, *called)
        await settle(database)
        await choose(database, neither, choices=refused)
        await queue_digests(database, datetime.now(UTC))
        await settle(database)

    digests = [one for one in smtp.received if one["Subject"].endswith("new")]
    assert [one["To"] for one in digests] == ["mail@example.org"]
    assert digests[0]["Subject"] == "2 things are new"


async def test_a_digest_has_what_is_unread_and_new_and_comes_once(
    database: Database, smtp: MailServer
) -> None:
    ada = await person(database, "ada")
    async with database.write() as tx:
        for title in ("First", "Seen", "Deleted", "Last"):
            await notify(tx, notice(ada, title, title=title))
        await notify(tx, notice(ada, "mailed", title="Mailed", kind=LOUD))
    await execute(database, "UPDATE notices SET read_at = now() WHERE title = 'Seen'")
    await execute(database, "UPDATE notices SET deleted_at = now() WHERE title = 'Deleted'")
    await choose(database, ada)

    async with posting(database, smtp):
        await settle(database)
        queued = [await queue_digests(database, datetime.now(UTC)) for _ in range(3)]
        await settle(database)
        async with database.write() as tx:
            await notify(tx, notice(ada, "next", title="Next"))
        await choose(database, ada)
        await queue_digests(database, datetime.now(UTC))
        await settle(database)

    mailed, first, second = smtp.received
    assert (queued, mailed["Subject"]) == ([1, 0, 0], "Mailed")
    assert (first["Subject"], second["Subject"]) == ("2 things are new", "One thing is new")
    said = text_of(first)
    assert said.index("First\n") < said.index("Last\n")
    assert not any(word in said for word in ("Seen", "Deleted", "Mailed"))
    assert "Next\n" in text_of(second)
    assert "First\n" not in text_of(second)


async def test_a_digest_with_nothing_to_say_is_no_letter(
    database: Database, smtp: MailServer
) -> None:
    ada = await person(database, "ada")
    await choose(database, ada)

    async with posting(database, smtp):
        await queue_digests(database, datetime.now(UTC))
        await settle(database)

    assert smtp.received == []
    assert await value(database, "SELECT next_digest_at > now() FROM notice_settings")


async def test_a_long_digest_lists_the_latest_and_counts_the_rest(
    database: Database, smtp: MailServer
) -> None:
    ada = await person(database, "ada")
    async with database.write() as tx:
        for number in range(70):
            await notify(tx, notice(ada, f"{number}", title=f"Song {number}"))
    await choose(database, ada)

    async with posting(database, smtp):
        await queue_digests(database, datetime.now(UTC))
        await settle(database)

    said = text_of(smtp.received[0])
    assert smtp.received[0]["Subject"] == "70 things are new"
    assert "Song 69\n" in said
    assert "Song 20\n" in said
    assert "Song 19\n" not in said
    assert "And 20 more before these." in said
