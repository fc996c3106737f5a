"""The shapes of notifications: what domains say, rows, forms and answers."""

import re
from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backline.accounts import Container
from backline.platform import zones
from backline.platform.jobs import Subject
from backline.platform.notices import NoticeKind

KEPT = 500
_MOST_TITLE, _MOST_TEXT, _MOST_REASON_BYTES, _MOST_PATH = 200, 2_000, 200, 500
_CONTROLS = re.compile(r"[\x00-\x1f\x7f\x80-\x9f\u2028\u2029]+")
_PATH = re.compile(r"/(?!/)[\x21-\x5b\x5d-\x7e]*")


class Notice(msgspec.Struct, frozen=True, kw_only=True):
    """What one person is told, in plain words.

    `reason` is why, as `assigned:<task>:<version>`: of one reason a person is told once, however
    often it is said. `path` is the page that it is about. What lies in a shared `container` is
    shown and sent only while the person is a member of it, or its owner. Of what somebody did
    themselves (`actor_id`) they aren't told.

    Raises:
        ValueError: the path isn't one of our pages, or the reason is empty or over 200 bytes.
    """

    to: UUID
    kind: NoticeKind
    reason: str
    title: str
    path: str
    text: str = ""
    subject: tuple[str, UUID] | None = None
    container: Container | None = None
    actor_id: UUID | None = None

    def __post_init__(self) -> None:
        if len(self.path) > _MOST_PATH or not _PATH.fullmatch(self.path):
            raise ValueError(f"{self.path!r} isn't the path of a page.")
        if not 0 < len(self.reason.encode()) <= _MOST_REASON_BYTES:
            raise ValueError("A notice's reason has 1 to 200 bytes.")

    @property
    def line(self) -> str:
        """The title on one line, bounded."""
        return shortened(self.title, _MOST_TITLE)

    @property
    def words(self) -> str:
        """The text, bounded."""
        return shortened(self.text, _MOST_TEXT)


def shortened(text: str, most: int) -> str:
    """A text on one line, with an ellipsis where it is too long."""
    line = " ".join(_CONTROLS.sub(" ", text).split())
    return line if len(line) <= most else line[: most - 1].rstrip() + "…"


class NoticeRow(msgspec.Struct, frozen=True):
    """A notice as its row says."""

    id: UUID
    kind: str
    title: str
    text: str
    path: str
    subject_kind: str | None
    subject_id: UUID | None
    actor_id: UUID | None
    created_at: datetime
    read_at: datetime | None


class ShownNotice(msgspec.Struct, frozen=True):
    """A notice as whoever is told sees it; `path` leads to what it is about."""

    id: UUID
    kind: str
    title: str
    text: str
    path: str
    subject: Subject | None
    actor_id: UUID | None
    created_at: datetime
    read_at: datetime | None


class NoticePage(msgspec.Struct, frozen=True):
    """A page of notices, the newest first."""

    items: list[ShownNotice]
    next_cursor: str | None = None


class Unread(msgspec.Struct, frozen=True):
    """How many notices somebody hasn't read."""

    unread: int


class NoticePatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch of a notice."""

    read: bool | UnsetType = UNSET


class MarkForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which notices become read, or unread again: all, those up to one, or just some."""

    read: bool
    notice_ids: Annotated[list[UUID], Meta(max_length=1_000)] | None = None
    up_to: UUID | None = None


class Marked(msgspec.Struct, frozen=True):
    """The notices that became what was asked, and how many are unread now."""

    notice_ids: list[UUID]
    unread: int


class NoticeChanged(msgspec.Struct, frozen=True):
    """Event of the topic `notifications`: one is new, gone or marked; without an id several are."""

    id: UUID | None
    change: Literal["new", "marked", "deleted"]


class NoticeJob(msgspec.Struct, frozen=True):
    """The notice that a job is about."""

    owner_id: UUID
    notice_id: UUID


class OwnerJob(msgspec.Struct, frozen=True):
    """Whose notices a job is about."""

    owner_id: UUID


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """What somebody chose for a kind; None where they leave it as the kind declares it."""

    page: bool | None = None
    mail: bool | None = None


class KindSetting(msgspec.Struct, frozen=True):
    """A kind of notice and how the person is told; `words` complete "You are told about"."""

    kind: str
    words: str
    page: bool
    mail: bool


class NotificationSettings(msgspec.Struct, frozen=True):
    """How somebody wants to be told.

    `letters` says whether they can be written to: the installation may have no mail server, and
    their address may not be confirmed.
    """

    kinds: list[KindSetting]
    digest: bool
    digest_hour: int
    time_zone: str
    letters: Literal["sent", "no-server", "unconfirmed"]


class ChoicePatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch of what is chosen for a kind; null leaves it to the kind again."""

    page: bool | UnsetType | None = UNSET
    mail: bool | UnsetType | None = UNSET


class SettingsChanged(msgspec.Struct, frozen=True):
    """Event of the topic `notifications`: somebody wants to be told in another way."""


KindName = Annotated[str, Meta(min_length=1, max_length=60)]
TimeZone = Annotated[
    str,
    Meta(
        min_length=1,
        max_length=zones.MOST_LENGTH,
        pattern=zones.NAME,
        examples=["Europe/Oslo"],
    ),
]


class SettingsPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch; `kinds` by their names, `time_zone` as IANA calls it."""

    kinds: Annotated[dict[KindName, ChoicePatch], Meta(max_length=200)] | UnsetType = UNSET
    digest: bool | UnsetType = UNSET
    digest_hour: Annotated[int, Meta(ge=0, le=23)] | UnsetType = UNSET
    time_zone: TimeZone | UnsetType = UNSET


class Subscription(msgspec.Struct, frozen=True):
    """What a link in a letter ends, in words, and whether such letters still come."""

    words: str
    active: bool
