"""Where uploads go, and what they may become; how they get there is `resumable` and `forms`."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec

from backline.accounts import AccountOptions
from backline.platform.actor import Actor
from backline.platform.database import Database, Read
from backline.platform.errors import Conflict, FieldFault, Invalid, TooLarge
from backline.platform.host.disk import in_words
from backline.platform.shared import Platform
from backline.platform.storage import Staged, Staging, Storage
from backline.platform.storage.takes import Taken, Takes


class Takers(msgspec.Struct, frozen=True):
    """What uploads may become here, and how large they may be, in bytes, by kind.

    `quota_bytes` is for people without their own.
    """

    takes: Mapping[str, Takes[Any]]
    max_bytes: Mapping[str, int]
    quota_bytes: int

    def of(self, kind: str) -> Takes[Any]:
        """Who takes uploads of a kind.

        Raises:
            Invalid: nobody does.
        """
        found = self.takes.get(kind)
        if found is None:
            known = ", ".join(sorted(self.takes)) or "none"
            detail = f"This server takes no uploads of that kind. Those it takes: {known}."
            raise Invalid(detail, FieldFault("kind", "isn't taken here"))
        return found


class Intake(msgspec.Struct, frozen=True):
    """Where uploads go, and what they may become."""

    database: Database
    storage: Storage
    staging: Staging
    takers: Takers


def takers_of(platform: Platform) -> Takers:
    """What the domains of this process take, by the installation's settings."""
    settings, takes = platform.settings, platform.declared.takes
    return Takers(
        takes,
        {kind: one.max_bytes(settings) for kind, one in takes.items()},
        settings.of(AccountOptions).quota_bytes,
    )


def check_size(intake: Intake, kind: str, length_bytes: int) -> None:
    """Refuse what can't be taken.

    Raises:
        TooLarge: longer than this installation takes.
        OutOfSpace: no room on the disk.
    """
    limit_bytes = intake.takers.max_bytes[kind]
    if length_bytes > limit_bytes:
        raise TooLarge(
            f"The file has {in_words(length_bytes)}; this server takes up to "
            f"{in_words(limit_bytes)} a file."
        )
    intake.staging.check_room(length_bytes)


async def check_again(
    read: Read, takes: Takes[Any], actor: Actor, subject: UUID | None, owner_id: UUID
) -> None:
    """Whether the actor still may add it, now that it is whole, and to the same owner's things.

    Raises:
        Conflict: what it is for belongs to somebody else by now.
    """
    if await takes.owner(read, actor, subject) != owner_id:
        raise Conflict("What this is for belongs to somebody else by now. Please begin it again.")


def taken(
    staged: Staged,
    *,
    thing_id: UUID,
    owner_id: UUID,
    filename: str,
    content_type: str,
    subject: UUID | None,
) -> Taken:
    """A file that has come in whole."""
    sha256 = bytes.fromhex(staged.sha256)
    return Taken(thing_id, owner_id, filename, content_type, staged.size_bytes, sha256, subject)
