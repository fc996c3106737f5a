"""People and their sign-ins: the one domain that the others may know.

Others import from here alone: who acts (`Actor`), the event of a deleted account, and the
bookkeeping of room.
"""

from backline.accounts.models import Actor, UserDeleted
from backline.accounts.users import charge, release, require_admin

__all__ = ["Actor", "UserDeleted", "charge", "release", "require_admin"]
