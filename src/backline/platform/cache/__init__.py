"""The encoded cache: answers as bytes, invalidated by tags. Domains need these three names."""

from backline.platform.cache.declared import Cached as Cached
from backline.platform.cache.tags import EVERYTHING as EVERYTHING
from backline.platform.cache.tags import invalidate as invalidate
