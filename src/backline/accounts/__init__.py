"""People and their sign-ins: the one domain that the others may know.

Others import from here alone: the event of a deleted account, and the bookkeeping of room.
"""

from backline.accounts.models import UserDeleted
from backline.accounts.users import charge, release

__all__ = ["UserDeleted", "charge", "release"]
