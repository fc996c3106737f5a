"""What the doctor says of the mail server."""

import asyncio

from backline.commands.diagnosis.mail import examine
from backline.main import load
from tests.support.smtp import mail_server


async def test_a_mail_server_that_lets_us_in() -> None:
    async with mail_server() as server:
        found = await asyncio.to_thread(examine, load({"BACKLINE_SMTP_URL": server.url}))

    assert (found.level, server.connections, server.received) == ("ok", 1, [])


async def test_a_mail_server_that_does_not() -> None:
    async with mail_server() as server:
        url = server.url.replace("//", "//me:hunter2@")
        wrong = await asyncio.to_thread(examine, load({"BACKLINE_SMTP_URL": url}))
        gone = server.url
    nobody = await asyncio.to_thread(examine, load({"BACKLINE_SMTP_URL": gone}))

    assert [found.level for found in (wrong, nobody)] == ["fault", "fault"]
    assert "535" in wrong.why
    assert "hunter2" not in repr(wrong)
    assert "can't be reached" in nobody.why
    assert wrong.mend


def test_no_mail_server_is_fine() -> None:
    assert examine(load({})).level == "ok"
