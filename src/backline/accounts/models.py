"""The shapes of accounts: rows, forms and answers."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import UNSET, Meta, UnsetType

from backline.platform.actor import Role
from backline.platform.text import LINE

Email = Annotated[
    str,
    Meta(
        min_length=3,
        max_length=254,
        pattern=r"^[^@\s\x00-\x1f\x7f]{1,64}@[^@\s\x00-\x1f\x7f]{1,189}$(?!\n)",
        examples=["ada@example.com"],
    ),
]
Password = Annotated[str, Meta(min_length=8, max_length=128)]
Name = Annotated[str, Meta(min_length=1, max_length=100, pattern=LINE)]


class UserRow(msgspec.Struct, frozen=True):
    """A row of `users` without its password."""

    id: UUID
    email: str
    name: str
    role: Role
    disabled_at: datetime | None
    quota_bytes: int | None
    used_bytes: int
    created_at: datetime
    version: int
    email_verified: bool
    totp: bool


class NamedUser(msgspec.Struct, frozen=True):
    """What somebody is called."""

    id: UUID
    name: str


class Credentials(msgspec.Struct, frozen=True):
    """What a login is checked against."""

    id: UUID
    email: str
    password_hash: str
    disabled_at: datetime | None
    is_unverified: bool
    has_totp: bool


class OpenSessionRow(msgspec.Struct, frozen=True):
    """A session as its owner sees it."""

    id: UUID
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    user_agent: str
    address: str


class RefreshRow(msgspec.Struct, frozen=True):
    """A session as the refresh needs it; `age_s` since the last rotation."""

    user_id: UUID
    generation: int
    age_s: float


class StorageUse(msgspec.Struct, frozen=True):
    """How much room someone has and uses."""

    used_bytes: int
    quota_bytes: int


class User(msgspec.Struct, frozen=True):
    """A person's account, as they and administrators see it."""

    id: UUID
    email: str
    name: str
    role: Role
    disabled: bool
    created_at: datetime
    storage: StorageUse
    version: int
    email_verified: bool
    totp: bool


class UserPage(msgspec.Struct, frozen=True):
    """A page of accounts."""

    items: list[User]
    next_cursor: str | None = None


class RegisterForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A new account."""

    email: Email
    password: Password
    name: Name


class SetupForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first administrator's account; `token` from the one-time link."""

    token: Annotated[str, Meta(min_length=1, max_length=200)]
    email: Email
    password: Password
    name: Name


class LoginForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sign-in. With `transport` `body` the refresh token comes in the answer, not a cookie.

    `code` is for whoever has a second factor: of the authenticator, or a recovery code.
    """

    email: Annotated[str, Meta(max_length=254)]
    password: Annotated[str, Meta(max_length=128)]
    transport: Literal["cookie", "body"] = "cookie"
    code: Annotated[str, Meta(max_length=30)] | None = None


class RefreshForm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The refresh token of a client without cookies."""

    refresh_token: Annotated[str, Meta(max_length=300)] | None = None


class Tokens(msgspec.Struct, frozen=True, omit_defaults=True):
    """A signed-in client's tokens; `expires_in` in seconds."""

    access_token: str
    expires_in: int
    token_type: str
    refresh_token: str | None = None


class Accepted(msgspec.Struct, frozen=True):
    """What `register` answers, whether or not the address was free."""

    message: str


class PasswordChange(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The present password and the next."""

    current: Annotated[str, Meta(max_length=128)]
    new: Password


class UserPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch (RFC 7396) of one's own account."""

    name: Name | UnsetType = UNSET
    password: PasswordChange | UnsetType = UNSET


class AdminUserPatch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A merge patch of anybody's account; `quota_bytes` null means the installation's quota.

    `totp` can only be turned off: for somebody who lost their device and their recovery codes.
    """

    role: Role | UnsetType = UNSET
    disabled: bool | UnsetType = UNSET
    totp: Literal[False] | UnsetType = UNSET
    quota_bytes: Annotated[int, Meta(ge=0, le=1 << 50)] | UnsetType | None = UNSET


class UserDeleted(msgspec.Struct, frozen=True):
    """Event: the account is gone; each domain removes what it keeps of `user_id`."""

    user_id: UUID


class UserClosedOrOpened(msgspec.Struct, frozen=True):
    """Event: an administrator has closed the account, or opened it again; ask which (`active`)."""

    user_id: UUID


MemberRank = Literal["editor", "commenter", "viewer"]
Rank = Literal["owner", "editor", "commenter", "viewer"]


class Container(msgspec.Struct, frozen=True):
    """What is shared with all that is in it; `kind` is what it is to people: `project`."""

    owner_id: UUID
    id: UUID
    kind: str


class Membership(msgspec.Struct, frozen=True):
    """What somebody may do in a container, and whose it is."""

    owner_id: UUID
    container_id: UUID
    rank: Rank


class Member(msgspec.Struct, frozen=True):
    """Somebody who isn't the owner, as the others see them."""

    user_id: UUID
    rank: MemberRank
    since: datetime


class MembershipChanged(msgspec.Struct, frozen=True):
    """Event of the topic `memberships`, to the member; without a rank they are out."""

    container_id: UUID
    kind: str
    rank: MemberRank | None
