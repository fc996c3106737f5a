"""What sending needs to know of the installation."""

from email.headerregistry import Address
from urllib.parse import urlsplit

import msgspec

from backline.platform.settings import Settings
from backline.platform.settings.smtp_url import SmtpServer


class Mail(msgspec.Struct, frozen=True):
    """The mail server, if there is one, who messages are from, and where their links lead."""

    server: SmtpServer | None
    base_url: str

    @property
    def is_sent(self) -> bool:
        """Whether messages leave the house; else they are kept for administrators."""
        return self.server is not None

    @property
    def host(self) -> str:
        """The name of this installation to other mail servers."""
        host = urlsplit(self.base_url).hostname or "localhost"
        return host if host.replace("-", "").replace(".", "").isalnum() else "localhost"

    @property
    def sender(self) -> Address:
        """Who messages are from."""
        said = self.server.sender_address if self.server else None
        local, _, domain = (said or f"backline@{self.host}").rpartition("@")
        name = self.server.sender_name if self.server else "Backline"
        return Address(name, local, domain)


def mail_settings(settings: Settings) -> Mail:
    """What the installation's settings say about mail."""
    return Mail(settings.smtp_url, settings.address)
