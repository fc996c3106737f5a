"""Who can reach an installation: this machine alone, or others too."""

from urllib.parse import urlsplit

from backline.platform.settings.loading import Settings
from backline.platform.settings.parsing import is_loopback


def demo_fault(settings: Settings) -> str | None:
    """Why sample accounts, whose password everybody knows, can't be had here; None if they can."""
    named = urlsplit(settings.public_url or "").hostname or "localhost"
    if settings.listens_on_loopback and is_loopback(named):
        return None
    return (
        "The sample people have a password that everybody knows, so --demo is only for a server "
        f"that this machine alone can reach, and this one is at {settings.address}. Start it "
        "without --demo, or without BACKLINE_HOST and BACKLINE_PUBLIC_URL."
    )
