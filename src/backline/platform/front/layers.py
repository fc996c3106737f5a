"""The API with everything around it that answers from bytes or guards a write: put together here.

From the outside in: the cache; for what it doesn't answer compression, ETags of writes,
watermarks, keyed writes; then the API itself.
"""

import time
from collections.abc import Iterable

from backline.platform.cache.declared import Cached, Plan
from backline.platform.cache.tags import Tags
from backline.platform.cache.watch import Watch
from backline.platform.database import Database
from backline.platform.database.signals import Signals
from backline.platform.errors import BacklineError
from backline.platform.front.application import API_PATH
from backline.platform.front.caching import EncodedCache
from backline.platform.front.idempotency import Idempotency, Reaches
from backline.platform.front.nearby import Nearby
from backline.platform.front.watermark import Watermark, Watermarked, WatermarkSigner, present
from backline.platform.http.asgi import App
from backline.platform.http.compression import Compression
from backline.platform.http.conditions import Tagged
from backline.platform.media.signing import Lives
from backline.platform.secrets import Secrets


def make_watch(direct_dsn: str, signals: Signals, nearby: Nearby | None) -> Watch:
    """What hears of invalidations, for this process; the room starts and ends it."""
    tags = Tags()
    if nearby is None:
        return Watch(direct_dsn, signals, tags)
    tags.keep_positions()
    return Watch(direct_dsn, signals, tags, nearby.replicas)


class CachedRoom:
    """`app` answers; until `start`, and after `close`, it does so without the cache."""

    def __init__(
        self,
        api: App,
        caches: Iterable[Cached],
        *,
        database: Database,
        watch: Watch,
        secrets: Secrets,
        lives: Lives,
        secure_cookies: bool,
        reaches: Reaches,
        nearby: Nearby | None = None,
    ) -> None:
        marks = WatermarkSigner(secrets)
        self._database, self._watch = database, watch
        self._replicas = nearby.replicas if nearby is not None else None
        wrote = nearby.wrote if nearby is not None else None
        keyed = Idempotency(api, database, reaches)
        marked = Watermarked(keyed, marks, self._present, secure=secure_cookies, wrote=wrote)
        self.app = EncodedCache(
            api,
            Compression(Tagged(marked)),
            Plan(API_PATH, caches),
            tags=watch.tags,
            watch=watch,
            marks=marks,
            lives=lives,
        )

    async def _present(self) -> Watermark:
        """How far the database is; the time alone, which needs no query, where no replica asks."""
        now_ms = self._watch.database_ms()
        if self._replicas is None and time.monotonic() < self._watch.trusted_until_s:
            return Watermark(0, int(now_ms))
        try:
            return await present(self._database)
        except BacklineError:
            if self._replicas is None:
                raise
            # What was written is safe, but nobody can tell where: only the primary will do.
            return Watermark(0, int(now_ms))

    async def start(self) -> None:
        """Begin to keep up with invalidations, and thereby to answer from the cache."""
        if self._replicas is not None:
            await self._replicas.start()
        await self._watch.start()

    async def close(self) -> None:
        """Stop that."""
        await self._watch.close()
        if self._replicas is not None:
            await self._replicas.close()
