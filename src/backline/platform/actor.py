"""Who acts: every operation that checks access takes an `Actor`, and none finds one by itself."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, Protocol
from uuid import UUID

import msgspec

from backline.platform.errors import Forbidden

Role = Literal["user", "admin"]


class Actor(msgspec.Struct, frozen=True):
    """A person, by the session that they came through, or by an API token of theirs.

    A token has `scopes`, its id is the `session_id`, and its `role` is `admin` only where it has a
    scope for that. A session may do everything: its scopes are None.
    """

    user_id: UUID
    role: Role
    session_id: UUID
    scopes: frozenset[str] | None = None

    @property
    def is_admin(self) -> bool:
        """Whether the installation is theirs to run."""
        return self.role == "admin"


# Whose a token is: if this process can tell at once, or whatever that takes.
KnownActor = Callable[[str], Actor | None]
FindActor = Callable[[str], Awaitable[Actor]]


# Whether a password is the one that was shown, be it by a digest made with it.
Shows = Callable[[str], bool]


class AppPasswords(Protocol):
    """What doors ask that let programs in by app passwords; see there for what is raised."""

    async def by_name(self, name: str, shows: Shows, *, address: str) -> Actor:
        """Whose app password `shows` says that it has been shown, of those of `name`."""
        ...

    async def by_key(self, password: str, *, address: str) -> Actor:
        """Whose app password this is."""
        ...


class Callers(msgspec.Struct, frozen=True):
    """What a server asks about whoever is there.

    `on_ended` has each session or token that has ended told to its first argument, of those that
    the second says it cares for. Between `start` and `close` what is known is kept up to date.
    """

    known: KnownActor
    find: FindActor
    app_passwords: AppPasswords
    on_ended: Callable[[Callable[[UUID], None], Callable[[UUID], bool]], None]
    start: Callable[[], Awaitable[None]]
    close: Callable[[], Awaitable[None]]


def require_session(actor: Actor) -> None:
    """Refuse API tokens, whatever their scopes.

    Raises:
        Forbidden: always, for them.
    """
    if actor.scopes is not None:
        raise Forbidden("An API token can't do this. Sign in with your password.")


def require_scope(actor: Actor, scopes: Sequence[str]) -> None:
    """Let sessions pass, and API tokens that have one of the scopes.

    Raises:
        Forbidden: the token has none of them.
    """
    if actor.scopes is not None and actor.scopes.isdisjoint(scopes):
        detail = f"This API token lacks the scope {' or '.join(scopes)}. Make one that has it."
        raise Forbidden(detail)


def require_admin(actor: Actor) -> None:
    """Refuse whoever isn't an administrator.

    Raises:
        Forbidden: always, for them.
    """
    if not actor.is_admin:
        raise Forbidden("Only an administrator can do this.")
