"""Who acts: every operation that checks access takes an `Actor`, and none finds one by itself."""

from collections.abc import Awaitable, Callable
from typing import Literal
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


def require_session(actor: Actor) -> None:
    """Refuse API tokens, whatever their scopes.

    Raises:
        Forbidden: always, for them.
    """
    if actor.scopes is not None:
        raise Forbidden("An API token can't do this. Sign in with your password.")


def require_admin(actor: Actor) -> None:
    """Refuse whoever isn't an administrator.

    Raises:
        Forbidden: always, for them.
    """
    if not actor.is_admin:
        raise Forbidden("Only an administrator can do this.")
