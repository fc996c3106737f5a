"""HTTP for how people want to be told, and for the links by which they end letters."""

from typing import Annotated

from litestar import get, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, QueryParameter
from litestar.response import Redirect

from backline.notifications import preferences
from backline.notifications.mailing import Mailing
from backline.notifications.models import NotificationSettings, SettingsPatch, Subscription
from backline.notifications.unsubscribing import PATH
from backline.platform.actor import Actor
from backline.platform.database import Database

_TAGS = ["notifications"]
Token = Annotated[str, QueryParameter(max_length=300, description="From the link in a letter")]
Everything = Annotated[
    bool, QueryParameter(name="everything", description="Letters of all kinds, and the digest")
]


@get("/notifications/settings", tags=_TAGS, summary="How I am told")
async def get_settings(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    mailing: NamedDependency[Mailing],
) -> NotificationSettings:
    """Each kind of notice with what holds for me, and my daily digest."""
    async with database.read() as read:
        return await preferences.get(read, actor, mailing)


@patch("/notifications/settings", tags=_TAGS, summary="Choose how I am told", idempotent=True)
async def change_settings(
    data: JSONBody[SettingsPatch],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    mailing: NamedDependency[Mailing],
) -> NotificationSettings:
    """A merge patch: `{"kinds": {"tasks.assigned": {"mail": true}}, "digest": true}`."""
    async with database.write() as tx:
        return await preferences.change(tx, actor, data, mailing)


@get(PATH, tags=_TAGS, summary="From a letter to the page that asks", status_code=303)
async def ask_before(mailing: NamedDependency[Mailing], token: Token = "") -> Redirect:
    """Changes nothing, since programs that look into mails follow its links as well."""
    mailing.links.read(token)
    return Redirect(mailing.links.page(token), status_code=303)


@post(PATH, status_code=200, tags=_TAGS, summary="End letters")
async def unsubscribe(
    database: NamedDependency[Database],
    mailing: NamedDependency[Mailing],
    token: Token = "",
    everything: Everything = False,  # a parameter of the address
) -> Subscription:
    """By the link in one of them (RFC 8058), without signing in; as often as you like."""
    meant = mailing.links.read(token)
    async with database.write() as tx:
        return await preferences.unsubscribe(tx, meant, mailing, everything=everything)


@get(f"{PATH}/letters", tags=_TAGS, summary="Which letters a link ends")
async def get_subscription(
    database: NamedDependency[Database], mailing: NamedDependency[Mailing], token: Token = ""
) -> Subscription:
    """In words, and whether they still come."""
    meant = mailing.links.read(token)
    async with database.read() as read:
        return await preferences.subscription(read, meant, mailing)


ROUTES = [get_settings, change_settings, ask_before, unsubscribe, get_subscription]
