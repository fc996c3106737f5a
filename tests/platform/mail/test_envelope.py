"""What becomes of texts and addresses in a message, above all of hostile ones."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import msgspec
import pytest

from backline.platform.ids import uuid7
from backline.platform.mail import Mail, Message
from backline.platform.mail.envelope import Undeliverable, as_html, compose, recipient
from backline.platform.mail.outbox import OutboxRow
from backline.platform.settings.smtp_url import smtp_url

MAIL = Mail(smtp_url("smtp://127.0.0.1?from=Backline <music@example.org>"), "http://localhost:8000")


def row(to: str, subject: str = "Hello", text: str = "Hello\n") -> OutboxRow:
    return OutboxRow(uuid7(), to, subject, text, "queued", None, datetime.now(UTC), None)


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\0", "\x7f"])
def test_nothing_that_ends_a_header_can_be_in_one(end: str) -> None:
    with pytest.raises(ValueError, match="control character"):
        Message("test", f"a@example.org{end}Bcc: eve@example.org", "Hello", "")
    with pytest.raises(ValueError, match="control character"):
        Message("test", "a@example.org", f"Hello{end}Bcc: eve@example.org", "")
    with pytest.raises(ValueError, match="control character"):
        Message("test", "a@example.org", "Hello", "", f"https://example.org/{end}")


@pytest.mark.parametrize(
    "address",
    [
        "a@example.org\r\nBcc: eve@example.org",
        "a@example.org>\r\nRCPT TO:<eve@example.org",
        "a@b>c",
        "a@",
        "@example.org",
        "nobody",
        "a\u2028b@exa\u2028mple.org",
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(Undeliverable):
        compose(MAIL, row(address))


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("ada@example.org", "ada@example.org"),
        ("ada+music@example.org", "ada+music@example.org"),
        ("a,eve@example.org", '"a,eve"@example.org'),
        ("<eve>@example.org", '"<eve>"@example.org'),
        ("a@example.org,eve@example.org", '"a@example.org,eve"@example.org'),
        ('a"b@example.org', '"a\\"b"@example.org'),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_one_address_stays_one_address(address: str, told: str) -> None:
    message = compose(MAIL, row(address))
    read = message_from_bytes(bytes(message), policy=default)

    assert recipient(address).addr_spec == told
    assert [one.addr_spec for one in read["To"].addresses] == [told]
    assert read["Bcc"] is None


def test_a_message_composed_twice_has_the_same_headers() -> None:
    told = row("ada@example.org")

    first, second = compose(MAIL, told), compose(MAIL, told)

    assert first["Message-ID"] == second["Message-ID"] == f"<{told.id.hex}@example.org>"
    assert first["Date"] == second["Date"]


def test_the_texts_dots_and_lines_stay_theirs() -> None:
    text = ".\n..\nFrom here\n\n" + "long " * 300 + "\n"

    body = compose(MAIL, row("ada@example.org", text=text)).get_body(("plain",))

    assert body is not None
    assert body.get_content() == text


def test_the_url_that_ends_such_messages_stays_whole() -> None:
    url = "https://music.example.org/api/v1/notifications/unsubscribe?token=" + "aB-_" * 40
    told = msgspec.structs.replace(row("ada@example.org"), unsubscribe_url=url)

    said = bytes(compose(MAIL, told))

    assert f"\r\nList-Unsubscribe: <{url}>\r\n".encode() in said
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in said
    assert b"List-Unsubscribe" not in bytes(compose(MAIL, row("ada@example.org")))


def test_markup_in_a_text_is_text() -> None:
    made = as_html('"><script>', "<script>alert(1)</script> javascript:alert(1)")

    assert "<script>" not in made
    assert "<a " not in made
