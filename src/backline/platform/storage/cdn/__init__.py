"""A CDN in front of the media: by which tags it knows its copies, and that it forgets them.

URLs of media bear tokens that change with time, so nobody can list those of a file; its answers
bear tags that don't, and what is deleted is told to the CDN by its tag.
"""

from backline.platform.storage.cdn.purging import JOBS, PURGE, SCHEDULES, forget, opened
from backline.platform.storage.cdn.settings import Cdn, cdn_of
from backline.platform.storage.cdn.tags import tag_headers

__all__ = ["JOBS", "PURGE", "SCHEDULES", "Cdn", "cdn_of", "forget", "opened", "tag_headers"]
