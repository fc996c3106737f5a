"""The address of a mail server: what operators write, and what is meant by it."""

import pytest

from backline.platform.settings import load
from backline.platform.settings.smtp_url import SmtpServer, smtp_url


def test_everything_that_can_be_said() -> None:
    server = smtp_url("smtp://me%40x:p%3A%2F@mail.example.org:2525?from=Our%20House <m@x.org>")

    assert server == SmtpServer(
        "mail.example.org", 2525, "starttls", "me@x", "p:/", "Our House", "m@x.org"
    )


@pytest.mark.parametrize(
    ("given", "port", "tls"),
    [
        ("smtp://mail.example.org", 587, "starttls"),
        ("smtps://mail.example.org", 465, "implicit"),
        ("smtp://mail.example.org?starttls=off", 587, "off"),
        ("smtp://127.0.0.1:25", 25, "off"),
        ("smtp://localhost?starttls=required", 587, "starttls"),
    ],
)
def test_ports_and_encryption(given: str, port: int, tls: str) -> None:
    server = smtp_url(given)

    assert (server.port, server.tls) == (port, tls)


@pytest.mark.parametrize(
    "given",
    [
        "mail.example.org:587",
        "http://mail.example.org",
        "smtp://",
        "smtp://me:hunter2@mail.example.org:99999",
        "smtp://me:hunter2@mail.example.org/path",
        "smtp://me:hunter2@mail.example.org?form=a@b.org",
        "smtp://me:hunter2@mail.example.org?from=nobody",
        "smtp://me:hunter2@mail.example.org?from=a%0d%0ab@example.org",
        "smtp://me:hunter2@mail.example.org?starttls=maybe",
        "smtps://me:hunter2@mail.example.org?starttls=off",
        "smtp://me:hunter2@mail.example.org?=",
    ],
)
def test_what_cannot_be_meant_is_refused_without_its_password(given: str) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011  # it is the text that counts
        smtp_url(given)

    assert "hunter2" not in str(raised.value)


def test_the_settings_show_no_password() -> None:
    settings = load({"BACKLINE_SMTP_URL": "smtp://me:hunter2@mail.example.org"})

    assert settings.shown()["BACKLINE_SMTP_URL"] == "(set)"
    assert "hunter2" not in repr(settings)
    assert "hunter2" not in repr(settings.smtp_url)
