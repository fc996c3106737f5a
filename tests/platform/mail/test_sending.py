"""Messages by SMTP: given to the mail server, put off, or refused; to a server of its own."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from backline.platform import jobs
from backline.platform.database import Database
from backline.platform.mail import Mail, Message, outbox, sending
from backline.platform.mail.outbox import OutboxRow
from backline.platform.settings.smtp_url import smtp_url
from tests.platform.jobs.working import ended, eventually, value, working
from tests.support.smtp import MailServer, certificate, mail_server

pytestmark = pytest.mark.slow

Post = Callable[..., Awaitable[OutboxRow]]
BASE = "https://music.example.org"


def mail_to(server: MailServer, **said: str) -> Mail:
    url = server.url + "".join(f"&{name}={value}" for name, value in said.items())
    return Mail(smtp_url(url), BASE)


async def test_a_message_arrives_as_plain_text_and_as_html(
    database: Database, smtp: MailServer, post: Post
) -> None:
    mail = mail_to(smtp)
    text = "Hello,\n\nopen <this> & that:\n\nhttps://music.example.org/verify#abc_-\n"
    async with working(database, services={outbox.SEND: mail}):
        row = await post(mail, Message("test", "ada@example.org", "Grüße", text))

    [arrived] = smtp.received
    plain, html = arrived.get_body(("plain",)), arrived.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert plain.get_content() == text.replace("\n", "\r\n")
    assert '<a href="https://music.example.org/verify#abc_-">' in html.get_content()
    assert "open &lt;this&gt; &amp; that" in html.get_content()
    assert (arrived["From"], arrived["To"], arrived["Subject"]) == (
        "Backline <music@example.org>",
        "ada@example.org",
        "Grüße",
    )
    assert arrived["Message-ID"] == f"<{row.id.hex}@example.org>"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert (smtp.senders, smtp.recipients) == (["music@example.org"], [["ada@example.org"]])


async def test_the_text_of_a_sent_message_is_gone(
    database: Database, smtp: MailServer, post: Post
) -> None:
    mail = mail_to(smtp)
    async with working(database, services={outbox.SEND: mail}):
        row = await post(mail)

    assert (row.state, row.text, row.error) == ("sent", "", None)
    assert row.sent_at is not None


async def test_without_a_mail_server_messages_are_kept(database: Database, post: Post) -> None:
    row = await post(Mail(None, BASE))

    assert (row.state, row.text) == ("kept", "A line.\n")
    assert await value(database, "SELECT count(*) FROM jobs") == 0


async def test_what_somebody_asked_for_goes_before_what_they_can_end(
    database: Database, smtp: MailServer
) -> None:
    mail = mail_to(smtp)
    async with database.write() as tx:
        for number in range(20):
            url = f"{BASE}/end/{number}"
            told = Message("notice", "ada@example.org", "News", "News", url)
            await outbox.enqueue(tx, mail, told)
        await outbox.enqueue(tx, mail, Message("reset", "ada@example.org", "Asked for", "A link"))
    async with working(database, services={outbox.SEND: mail}, concurrency=1):
        await smtp.message()

    assert smtp.received[0]["Subject"] == "Asked for"


async def test_nothing_is_sent_of_a_transaction_that_fails(
    database: Database, smtp: MailServer, post: Post
) -> None:
    mail = mail_to(smtp)
    with suppress(ZeroDivisionError):
        async with database.write() as tx:
            await outbox.enqueue(tx, mail, Message("test", "eve@example.org", "No", "No"))
            raise ZeroDivisionError
    async with working(database, services={outbox.SEND: mail}):
        await post(mail)

    assert smtp.recipients == [["ada@example.org"]]


@pytest.mark.parametrize("when", ["on_recipient", "on_data"])
async def test_a_temporary_fault_is_shown_and_tried_again(
    database: Database, smtp: MailServer, post: Post, when: str
) -> None:
    mail = mail_to(smtp)
    said = ["451 4.7.1 Greylisted, come again", "451 4.7.1 Greylisted, come again"]
    setattr(smtp, when, said)
    errors: set[str | None] = set()

    def reached(row: OutboxRow) -> bool:
        errors.add(row.error)
        return row.state == "sent"

    async with working(database, services={outbox.SEND: mail}):
        row = await post(mail, reached=reached)

    assert len(smtp.received) == 1
    assert row.error is None
    assert smtp.connections == 3
    assert errors <= {None, "The mail server said 451 4.7.1 Greylisted, come again"}


async def test_temporary_faults_end_with_the_last_attempt(
    database: Database, smtp: MailServer, post: Post
) -> None:
    mail = mail_to(smtp)
    smtp.on_data = ["452 4.3.1 Disk full"] * 10
    async with working(database, services={outbox.SEND: mail}):
        row = await post(mail)

    assert (row.state, row.text) == ("failed", "A line.\n")
    assert row.error == "The mail server said 452 4.3.1 Disk full"
    assert len(smtp.on_data) == 6


@pytest.mark.parametrize("when", ["on_recipient", "on_data"])
async def test_a_permanent_fault_fails_at_once(
    database: Database, smtp: MailServer, post: Post, when: str
) -> None:
    mail = mail_to(smtp)
    setattr(smtp, when, ["550 5.1.1 Nobody\x07 here"])
    async with working(database, services={outbox.SEND: mail}):
        row = await post(mail)

    assert (row.state, row.error) == ("failed", "The mail server said 550 5.1.1 Nobody here")
    assert smtp.connections == 1


async def test_a_failed_message_can_be_sent_again(
    database: Database, smtp: MailServer, post: Post
) -> None:
    mail = mail_to(smtp)
    smtp.on_data = ["554 5.7.1 No"]
    async with working(database, services={outbox.SEND: mail}):
        failed = await post(mail)
        async with database.write() as tx:
            await outbox.retry(tx, mail, failed.id)
        await smtp.message()

        async def is_sent() -> bool:
            async with database.read() as read:
                return (await outbox.get(read, failed.id)).state == "sent"

        await eventually(is_sent)

    assert smtp.received[0]["Message-ID"] == f"<{failed.id.hex}@example.org>"


async def test_a_server_that_never_answers_is_left(
    database: Database, smtp: MailServer, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "_COMMAND_S", 0.2)
    mail = mail_to(smtp)
    smtp.hangs = True
    async with working(database, services={outbox.SEND: mail}):
        row = await post(mail)

    assert (row.state, row.error) == ("failed", "The mail server didn't answer in time.")
    assert smtp.connections == 4


async def test_nobody_there(database: Database, post: Post) -> None:
    async with mail_server() as gone:
        mail = mail_to(gone)
    async with working(database, services={outbox.SEND: mail}):
        row = await post(mail)

    assert row.state == "failed"
    assert row.error is not None
    assert row.error.startswith("The mail server can't be reached:")


async def test_a_password_goes_over_tls_only(
    database: Database, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with mail_server(context) as server:
        mail = Mail(smtp_url(f"smtp://me:right@127.0.0.1:{server.port}?starttls=required"), BASE)
        async with working(database, services={outbox.SEND: mail}):
            row = await post(mail)

    assert (row.state, server.encrypted, server.logins) == ("sent", [True], [("me", "right")])
    assert server.senders == ["backline@music.example.org"]


async def test_a_wrong_password_fails_and_is_not_shown(
    database: Database, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with mail_server(context) as server:
        url = f"smtp://me:hunter2@127.0.0.1:{server.port}?starttls=required"
        mail = Mail(smtp_url(url), BASE)
        async with working(database, services={outbox.SEND: mail}):
            row = await post(mail)

    assert row.state == "failed"
    assert "said 535" in (row.error or "")
    assert "hunter2" not in (row.error or "")
    assert "hunter2" not in repr(mail)


async def test_no_word_without_starttls_where_it_is_required(
    database: Database, smtp: MailServer, post: Post
) -> None:
    mail = mail_to(smtp, starttls="required")
    async with working(database, services={outbox.SEND: mail}):
        row = await post(mail)

    assert row.state == "failed"
    assert "starttls=off" in (row.error or "")
    assert (smtp.received, smtp.logins) == ([], [])


async def test_a_refused_starttls_is_tried_again_and_never_gone_around(
    database: Database, post: Post, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))
    async with mail_server(context) as server:
        server.on_starttls = "454 TLS not available"
        mail = mail_to(server, starttls="required")
        async with working(database, services={outbox.SEND: mail}):
            row = await post(mail)

    assert (row.state, row.error) == ("failed", "The mail server said 454 TLS not available")
    assert (server.received, server.connections) == ([], 4)


async def test_a_certificate_that_nobody_vouches_for_is_not_believed(
    database: Database, post: Post, tmp_path: Path
) -> None:
    context, _trusted = certificate(tmp_path)
    async with mail_server(context) as server:
        mail = mail_to(server, starttls="required")
        async with working(database, services={outbox.SEND: mail}):
            row = await post(mail)

    assert row.state == "failed"
    assert "certificate" in (row.error or "")
    assert server.received == []


async def test_an_address_that_is_none_fails_without_a_connection(
    database: Database, smtp: MailServer, post: Post
) -> None:
    mail = mail_to(smtp)
    async with working(database, services={outbox.SEND: mail}):
        row = await post(mail, Message("test", "a@b>c", "Hello", "Hello"))

    assert (row.state, smtp.connections) == ("failed", 0)


async def test_an_address_may_have_letters_of_any_script(
    database: Database, smtp: MailServer, post: Post
) -> None:
    mail = mail_to(smtp)
    async with working(database, services={outbox.SEND: mail}):
        row = await post(mail, Message("test", "björk@bücher.example", "Hello", "Hello\n"))

    assert (row.state, row.error) == ("sent", None)
    assert smtp.recipients == [["björk@xn--bcher-kva.example"]]


async def test_a_cancelled_message_is_not_sent(
    database: Database, smtp: MailServer, post: Post
) -> None:
    mail = mail_to(smtp)
    async with database.write() as tx:
        message_id = await outbox.enqueue(tx, mail, Message("test", "a@example.org", "B", "C"))
        job_id = await tx.fetch_value("SELECT id FROM jobs WHERE kind = 'mail.send'")
        await jobs.cancel(tx, job_id, owner_id=None)
    async with working(database, services={outbox.SEND: mail}):
        await post(mail)

    async with database.read() as read:
        row = await outbox.get(read, message_id)
    assert (row.state, row.error) == ("failed", "Cancelled.")
    assert len(smtp.received) == 1


async def test_old_messages_are_removed(database: Database, post: Post) -> None:
    old, young = await post(Mail(None, BASE)), await post(Mail(None, BASE))
    async with database.write() as tx:
        await tx.execute(
            "UPDATE outbox SET created_at = now() - CASE WHEN id = $1 THEN interval '169 hours' "
            "ELSE interval '167 hours' END",
            old.id,
        )
        job_id = await jobs.enqueue(tx, "mail.prune", jobs.Nothing())
    async with working(database):
        await ended(database, job_id)

    assert await value(database, "SELECT array_agg(id) FROM outbox") == [young.id]
