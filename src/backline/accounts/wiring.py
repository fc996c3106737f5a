"""The table of contents of accounts."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import msgspec

from backline.accounts import (
    api_tokens_web,
    app_passwords_web,
    demo,
    figures,
    instance_web,
    jobs,
    members,
    recovery_web,
    second_factor_web,
    sessions_web,
    users,
    web,
)
from backline.accounts.app_sign_in import AppSignIn
from backline.accounts.models import UserDeleted
from backline.accounts.presence import Presence
from backline.accounts.recovery import FORGOT, Forgot
from backline.accounts.registration import REGISTERED, Registered
from backline.accounts.settings import AccountSettings, account_settings
from backline.platform.actor import Callers
from backline.platform.cache import Cached
from backline.platform.domain import Domain, EachTime, Identity, Once
from backline.platform.jobs import Job, Schedule, Subscription
from backline.platform.limits import Limit, Policy
from backline.platform.shared import Platform

_PRUNE = "accounts.prune"
_END_MEMBERS = "accounts.end-members"
_HOUR_S, _MINUTE_S = 3600, 60
# Every page load refreshes, and a household or an office has one address.
_FACTOR = Policy("second-factor", 20, 15 * _MINUTE_S, "user", "window")
_REFRESH = Policy("refresh", 300, _MINUTE_S, "address")


class Parts(msgspec.Struct, frozen=True):
    """What accounts work with in a process."""

    settings: AccountSettings
    presence: Presence
    app_sign_in: AppSignIn


@asynccontextmanager
async def run(platform: Platform) -> AsyncGenerator[Parts]:
    """Read the keys; who is there is looked after by `Callers`, and only where somebody comes."""
    scopes = platform.declared.scopes
    settings = account_settings(platform.settings, platform.secrets, scopes)
    presence = Presence(platform.database, settings.keys, platform.signals)
    yield Parts(settings, presence, AppSignIn(platform.database, settings.app_seal, presence))


def callers(parts: Parts) -> Callers:
    """Who asks, by sessions, API tokens and app passwords."""
    presence = parts.presence
    return Callers(
        presence.known,
        presence.actor,
        parts.app_sign_in,
        presence.on_ended,
        presence.start,
        presence.close,
    )


DOMAIN = Domain(
    name="accounts",
    routes=[
        *instance_web.ROUTES,
        *web.ROUTES,
        *recovery_web.ROUTES,
        *sessions_web.ROUTES,
        *api_tokens_web.ROUTES,
        *app_passwords_web.ROUTES,
        *second_factor_web.ROUTES,
    ],
    runs=run,
    provides={
        "accounts": Once(lambda parts: parts.settings),
        "presence": Once(lambda parts: parts.presence),
        "actor": EachTime(web.provide_actor),
    },
    services=lambda parts: parts.settings.mail,
    identity=Identity(
        callers,
        users.names,
        users.setup_token,
        members.containers,
        members.still_reaches,
        demo.SAMPLES,
    ),
    count=figures.count,
    caches=[Cached("/users/me", "profile", 3600, ("user:{user}",))],
    limits=[
        Limit(Policy("register", 20, _HOUR_S, "address", "window"), "POST", "/auth/register"),
        Limit(Policy("setup", 20, _HOUR_S, "address", "window"), "POST", "/auth/setup"),
        Limit(Policy("forgot", 10, _HOUR_S, "address", "window"), "POST", "/auth/forgot"),
        Limit(Policy("reset", 20, _HOUR_S, "address", "window"), "POST", "/auth/reset"),
        Limit(Policy("verify", 20, _HOUR_S, "address", "window"), "POST", "/auth/verify"),
        Limit(Policy("verify-again", 5, _HOUR_S, "user", "window"), "POST", "/users/me/verify"),
        Limit(_FACTOR, "POST", "/users/me/totp"),
        Limit(_FACTOR, "POST", "/users/me/totp/"),
        Limit(_REFRESH, "POST", "/auth/refresh", instead=True),
        Limit(_REFRESH, "POST", "/auth/logout", instead=True),
    ],
    jobs=[
        Job(_PRUNE, jobs.prune),
        Job("accounts.rekey", jobs.rekey),
        Job(REGISTERED, jobs.registered, Registered),
        Job(FORGOT, jobs.forgot, Forgot),
        Job(_END_MEMBERS, jobs.end_members, UserDeleted, max_attempts=10),
    ],
    schedules=[Schedule(_PRUNE, every_s=3600)],
    topics={members.TOPIC: "accounts:read"},
    subscriptions=[Subscription(UserDeleted, _END_MEMBERS)],
)
