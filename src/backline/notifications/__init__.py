"""What people are told, on the page and by mail, by whatever domain has something to say.

A domain declares its kinds in `notices` of its `Domain`, and tells people by `notify`, in the
transaction that makes it so.
"""

from backline.notifications.models import Notice
from backline.notifications.telling import notify
from backline.platform.notices import NoticeKind

__all__ = ["Notice", "NoticeKind", "notify"]
