"""The table of contents of notifications."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from backline.accounts import UserDeleted
from backline.notifications import figures, jobs, settings_web, web
from backline.notifications.mailing import DIGEST_JOB, Mailing
from backline.notifications.models import NoticeJob, OwnerJob
from backline.notifications.telling import MAIL, PRUNE, TOPIC
from backline.notifications.unsubscribing import Unsubscribing
from backline.platform.cache import Cached
from backline.platform.domain import Domain, Once
from backline.platform.jobs import Job, Schedule, Subscription
from backline.platform.mail import mail_settings
from backline.platform.shared import Platform

_DUE = "notifications.due-digests"
_FORGET = "notifications.forget"
_MINE = ("notifications:{user}",)
_SETTINGS = ("notification-settings:{user}", "user:{user}")


@asynccontextmanager
async def run(platform: Platform) -> AsyncGenerator[Mailing]:
    """What letters are made with."""
    mail = mail_settings(platform.settings)
    links = Unsubscribing(platform.secrets, mail.base_url)
    yield Mailing(mail, links, platform.declared.notices)


DOMAIN = Domain(
    name="notifications",
    routes=[*web.ROUTES, *settings_web.ROUTES],
    runs=run,
    provides={"mailing": Once(lambda mailing: mailing)},
    services=lambda mailing: mailing,
    caches=[
        Cached("/notifications", "notices", 300, _MINE, shared=True),
        Cached("/notifications/unread", "unread", 300, _MINE, shared=True),
        Cached("/notifications/settings", "notice-settings", 3600, _SETTINGS),
    ],
    jobs=[
        Job(MAIL, jobs.mail, NoticeJob, max_attempts=10),
        Job(_DUE, jobs.due_digests),
        Job(DIGEST_JOB, jobs.digest, OwnerJob, max_attempts=10),
        Job(PRUNE, jobs.prune, OwnerJob),
        Job(_FORGET, jobs.forget, UserDeleted, max_attempts=10),
    ],
    schedules=[Schedule(_DUE, every_s=60)],
    subscriptions=[Subscription(UserDeleted, _FORGET)],
    topics={TOPIC: "notifications:read"},
    count=figures.count,
)
