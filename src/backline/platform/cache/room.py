"""The API with everything around it that answers from bytes or guards a write: put together here.

From the outside in: the cache; for what it doesn't answer compression, ETags of writes,
watermarks, keyed writes; then the API itself.
"""

import time
from collections.abc import Iterable

from backline.platform.cache.declared import Cached, Plan
from backline.platform.cache.layer import EncodedCache
from backline.platform.cache.tags import Tags
from backline.platform.cache.watch import Watch
from backline.platform.cache.watermark import Watermark, Watermarked, WatermarkSigner, present
from backline.platform.database import Database
from backline.platform.errors import BacklineError
from backline.platform.http.application import API_PATH
from backline.platform.http.asgi import App
from backline.platform.http.compression import Compression
from backline.platform.http.conditions import Tagged
from backline.platform.http.idempotency import Idempotency
from backline.platform.nearby import Nearby
from backline.platform.secrets import Secrets
from backline.platform.signals import Signals
from backline.platform.signing import WINDOW_S


class CachedRoom:
    """`app` answers; until `start`, and after `close`, it does so without the cache."""

    def __init__(
        self,
        api: App,
        caches: Iterable[Cached],
        *,
        database: Database,
        direct_dsn: str,
        signals: Signals,
        secrets: Secrets,
        secure_cookies: bool,
        nearby: Nearby | None = None,
    ) -> None:
        tags, marks = Tags(), WatermarkSigner(secrets)
        self._database = database
        self._replicas = nearby.replicas if nearby is not None else None
        if self._replicas is not None:
            tags.keep_positions()
        self._watch = Watch(direct_dsn, signals, tags, self._replicas)
        wrote = nearby.wrote if nearby is not None else None
        keyed = Idempotency(api, database)
        marked = Watermarked(keyed, marks, self._present, secure=secure_cookies, wrote=wrote)
        self.app = EncodedCache(
            api,
            Compression(Tagged(marked)),
            Plan(API_PATH, caches),
            tags=tags,
            watch=self._watch,
            marks=marks,
            window_s=WINDOW_S,
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
