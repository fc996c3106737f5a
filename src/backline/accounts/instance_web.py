"""HTTP for what anybody may know of this installation before they have signed in."""

import msgspec
from litestar import get
from litestar.di import NamedDependency

from backline import __version__
from backline.accounts.settings import AccountSettings
from backline.accounts.users import setup_required
from backline.platform.database import Database
from backline.platform.settings import Settings


class Instance(msgspec.Struct, frozen=True):
    """What a page needs to know before anybody has signed in."""

    name: str
    version: str
    setup_required: bool
    registration_open: bool
    sends_mail: bool
    max_upload_bytes: int
    sentry_dsn: str | None


@get("/instance", tags=["platform"], summary="About this installation")
async def instance(
    settings: NamedDependency[Settings],
    database: NamedDependency[Database],
    accounts: NamedDependency[AccountSettings],
) -> Instance:
    """What a page needs to know before anybody has signed in."""
    async with database.read() as read:
        is_new = await setup_required(read)
    return Instance(
        name="Backline",
        version=__version__,
        setup_required=is_new,
        registration_open=accounts.registration_open,
        sends_mail=accounts.mail.is_sent,
        max_upload_bytes=settings.max_upload_bytes,
        sentry_dsn=settings.sentry_dsn,
    )


ROUTES = [instance]
