"""How somebody wants to be told: per kind on the page and by mail, and a digest once a day."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import msgspec
from msgspec import UNSET

from backline import accounts
from backline.accounts import Mailbox
from backline.notifications import clock
from backline.notifications import settings_sql as sql
from backline.notifications.letters import DIGEST_WORDS
from backline.notifications.mailing import Mailing
from backline.notifications.models import (
    Choice,
    ChoicePatch,
    KindSetting,
    NotificationSettings,
    SettingsChanged,
    SettingsPatch,
    Subscription,
)
from backline.notifications.settings_sql import SettingsRow
from backline.notifications.telling import TOPIC
from backline.notifications.unsubscribing import DIGEST, Meant
from backline.platform import events, zones
from backline.platform.actor import Actor
from backline.platform.cache import invalidate
from backline.platform.database import Read, Write
from backline.platform.errors import FieldFault, Invalid
from backline.platform.notices import NoticeKind

USUAL_ZONE: Final = "UTC"
USUAL_HOUR: Final = 8
Choices = dict[str, Choice]


async def get(read: Read, actor: Actor, mailing: Mailing) -> NotificationSettings:
    """How the actor is told."""
    row = await sql.get(read, actor.user_id)
    mailbox = await accounts.mailbox(read, actor.user_id)
    return _shown(row or _usual(actor.user_id), mailing, mailbox)


async def change(
    tx: Write, actor: Actor, patch: SettingsPatch, mailing: Mailing
) -> NotificationSettings:
    """Change how the actor is told.

    Raises:
        Invalid: there is no such kind, or no such time zone.
    """
    row = await sql.lock(tx, actor.user_id, USUAL_ZONE, USUAL_HOUR)
    choices = _choices(row)
    if patch.kinds is not UNSET:
        for name, said in patch.kinds.items():
            if name not in mailing.kinds:
                raise Invalid(
                    f"There are no notices of the kind {name!r}.",
                    FieldFault(f"kinds.{name}", "isn't known"),
                )
            choices[name] = _patched(choices.get(name, Choice()), said)
    if patch.time_zone is not UNSET:
        zones.known(patch.time_zone)
    changed = msgspec.structs.replace(
        row,
        time_zone=row.time_zone if patch.time_zone is UNSET else patch.time_zone,
        is_digest=row.is_digest if patch.digest is UNSET else patch.digest,
        digest_hour=row.digest_hour if patch.digest_hour is UNSET else patch.digest_hour,
    )
    changed = await _put(tx, changed, choices)
    mailbox = await accounts.mailbox(tx, actor.user_id)
    return _shown(changed, mailing, mailbox)


async def subscription(read: Read, meant: Meant, mailing: Mailing) -> Subscription:
    """What a link in a letter would end."""
    row = await sql.get(read, meant.owner_id) or _usual(meant.owner_id)
    return _subscription(row, meant, mailing)


async def unsubscribe(
    tx: Write, meant: Meant, mailing: Mailing, *, everything: bool = False
) -> Subscription:
    """End the letters that a link is about, or all; done twice it is done once."""
    if not await accounts.living(tx, [meant.owner_id]):
        return _subscription(_usual(meant.owner_id), meant, mailing)
    row = await sql.lock(tx, meant.owner_id, USUAL_ZONE, USUAL_HOUR)
    choices = _choices(row)
    for name in mailing.kinds if everything else {meant.about} & mailing.kinds.keys():
        choices[name] = msgspec.structs.replace(choices.get(name, Choice()), mail=False)
    if everything or meant.about == DIGEST:
        row = msgspec.structs.replace(row, is_digest=False)
    row = await _put(tx, row, choices)
    return _subscription(row, meant, mailing)


async def _put(tx: Write, row: SettingsRow, choices: Choices) -> SettingsRow:
    """Keep what was chosen, with the time of the next digest that follows from it."""
    now, due_at = datetime.now(UTC), None
    if row.is_digest:
        due_at = clock.next_time(now, row.time_zone, row.digest_hour, row.digested_on)
    said = msgspec.json.encode(choices).decode()
    row = msgspec.structs.replace(row, choices=said, next_digest_at=due_at)
    await sql.put(tx, row)
    invalidate(tx, tag(row.owner_id.hex))
    await events.publish(tx, row.owner_id, TOPIC, "notice-settings", SettingsChanged())
    return row


def tag(user: str) -> str:
    """What cached answers depend on that show how somebody wants to be told."""
    return f"notification-settings:{user}"


def _usual(owner_id: UUID) -> SettingsRow:
    """What holds for whoever hasn't chosen anything."""
    return SettingsRow(owner_id, "{}", USUAL_ZONE, False, USUAL_HOUR, None, None)  # a row


def _choices(row: SettingsRow) -> Choices:
    return msgspec.json.decode(row.choices, type=Choices)


def _patched(choice: Choice, said: ChoicePatch) -> Choice:
    return Choice(
        choice.page if said.page is UNSET else said.page,
        choice.mail if said.mail is UNSET else said.mail,
    )


def _subscription(row: SettingsRow, meant: Meant, mailing: Mailing) -> Subscription:
    kind = mailing.kinds.get(meant.about)
    if kind is None:
        return Subscription(DIGEST_WORDS, row.is_digest)
    return Subscription(kind.words, _setting(kind, _choices(row)).mail)


def _setting(kind: NoticeKind, choices: Mapping[str, Choice]) -> KindSetting:
    chosen = choices.get(kind.name, Choice())
    return KindSetting(
        kind.name,
        kind.words,
        kind.page if chosen.page is None else chosen.page,
        kind.mail if chosen.mail is None else chosen.mail,
    )


def _shown(row: SettingsRow, mailing: Mailing, mailbox: Mailbox | None) -> NotificationSettings:
    choices = _choices(row)
    letters = "sent" if mailbox is not None and mailbox.is_confirmed else "unconfirmed"
    return NotificationSettings(
        kinds=[_setting(kind, choices) for kind in mailing.kinds.values()],
        digest=row.is_digest,
        digest_hour=row.digest_hour,
        time_zone=row.time_zone,
        letters=letters if mailing.mail.is_sent else "no-server",
    )
