"""What a domain says of the uploads that it takes: who may, on whose room, and what they become.

How the bytes come in is the business of `backline.uploads`, which knows no such domain by name.
"""

from collections.abc import Awaitable, Callable
from typing import Generic, TypeVar
from uuid import UUID

import msgspec

from backline.platform.actor import Actor
from backline.platform.database import Read, Write
from backline.platform.settings import Settings

T = TypeVar("T")


class Taken(msgspec.Struct, frozen=True):
    """A whole file that lies in the storage under its key, its room charged to its owner.

    `content_type` is what the sender said; what it is, whoever takes it has to find out.
    """

    id: UUID
    owner_id: UUID
    filename: str
    content_type: str
    size_bytes: int
    sha256: bytes
    subject: UUID | None


class Takes(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """What an upload may become, and how.

    kind: what the upload says that it is to be.
    scope: the domain whose scopes an API token needs.
    max_bytes: the largest file, by the settings.
    owner: whose it is to be, and whose quota it is charged to. Refuses whoever may not add it, to
        the `subject` where it is for one; asked when an upload begins, and again in the
        transaction that adds what it became.
    key: where it is to lie in the storage, by its owner and its id.
    add: adds it, in the transaction that makes it visible.
    id_of: the id of what it became, where that may be another's: of what was there already.
    job: the job that works on what was added, by its owner and its id, where there is one.
    """

    kind: str
    scope: str
    max_bytes: Callable[[Settings], int]
    owner: Callable[[Read, Actor, UUID | None], Awaitable[UUID]]
    key: Callable[[UUID, UUID], str]
    add: Callable[[Write, Actor, Taken], Awaitable[T]]
    id_of: Callable[[T], UUID] | None = None
    job: Callable[[Read, UUID, UUID], Awaitable[UUID | None]] | None = None
