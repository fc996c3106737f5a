"""The shapes of connections to Google Drive: answers, forms, events, payloads."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from msgspec import Meta

State = Literal["not-set-up", "not-connected", "connected", "reconnect"]
_Secret = Annotated[str, Meta(min_length=1, max_length=4_000, pattern=r"^[\x21-\x7e]+$(?!\n)")]


class DriveState(msgspec.Struct, frozen=True):
    """How somebody's connection stands.

    `redirect_uri` is what the operator tells Google; `missing` are the settings without which
    nobody can connect. `may_read`: pictures may be read, too, not only what lists say of them.
    `fault` is why it has to be connected anew.
    """

    state: State
    redirect_uri: str
    missing: list[str]
    account: str | None = None
    name: str | None = None
    source_id: UUID | None = None
    may_read: bool = False
    fault: str | None = None


class Consent(msgspec.Struct, frozen=True):
    """The page at Google on which somebody agrees, and that leads back."""

    url: str


class Agreed(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What Google's page leads back with."""

    code: _Secret
    state: _Secret


class DriveChanged(msgspec.Struct, frozen=True):
    """What browsers are told: the connection is another now."""

    state: State


class RevokeJob(msgspec.Struct, frozen=True):
    """The payload of the job that gives a grant back; `token` is sealed, in base64."""

    owner_id: UUID
    token: str
