"""Who acts: every operation that checks access takes an `Actor`, and none finds one by itself."""

from typing import Literal
from uuid import UUID

import msgspec

from backline.platform.errors import Forbidden

Role = Literal["user", "admin"]


class Actor(msgspec.Struct, frozen=True):
    """A signed-in person, by the session that they came through."""

    user_id: UUID
    role: Role
    session_id: UUID

    @property
    def is_admin(self) -> bool:
        """Whether the installation is theirs to run."""
        return self.role == "admin"


def require_admin(actor: Actor) -> None:
    """Refuse whoever isn't an administrator.

    Raises:
        Forbidden: always, for them.
    """
    if not actor.is_admin:
        raise Forbidden("Only an administrator can do this.")
