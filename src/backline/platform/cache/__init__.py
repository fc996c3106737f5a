"""The encoded cache: answers as bytes, invalidated by tags. Domains need these names."""

from backline.platform.cache.declared import Cached as Cached
from backline.platform.cache.declared import CostlyValue as CostlyValue
from backline.platform.cache.tags import EVERYTHING as EVERYTHING
from backline.platform.cache.tags import invalidate as invalidate
from backline.platform.cache.tags import memberships_tag as memberships_tag
from backline.platform.http.depends import Depends as Depends
