"""The table of contents of the audio library."""

from backline.accounts import UserDeleted
from backline.audio import figures, jobs, kept, tracks, tracks_web, uploads_web
from backline.audio.models import TrackJob
from backline.platform.cache import Cached
from backline.platform.domain import Domain
from backline.platform.jobs import Job, Schedule, Subscription
from backline.platform.limits import Limit, Policy

_PURGE_OWNER = "audio.purge-owner"
_SWEEP = "audio.sweep"
_RENDER_TIMEOUT_S = 6 * 3600.0

_LIST = ("tracks:{user}",)
_ONE = ("track:{track_id}",)
# Bytes and the quota bound uploads; this only keeps a client from going round in circles.
_UPLOADS = Policy("uploads", 3_000, 60, "user")

DOMAIN = Domain(
    name="audio",
    routes=[*tracks_web.ROUTES, *uploads_web.ROUTES],
    caches=[
        Cached("/tracks", "list", 300, _LIST, holds_urls=True),
        Cached("/tracks/{track_id:uuid}", "track", 300, _ONE, holds_urls=True),
        Cached("/tracks/{track_id:uuid}/stream", "stream", 3600, _ONE, holds_urls=True),
        Cached("/tracks/{track_id:uuid}/waveform", "waveform", 3600, _ONE),
    ],
    limits=[
        Limit(_UPLOADS, "", "/uploads", instead=True),
        Limit(_UPLOADS, "", "/uploads/", instead=True),
        Limit(_UPLOADS, "POST", "/tracks", instead=True),
    ],
    jobs=[
        Job(
            tracks.RENDER,
            jobs.render,
            TrackJob,
            max_attempts=3,
            timeout_s=_RENDER_TIMEOUT_S,
            heavy=True,
            on_dead=jobs.render_died,
        ),
        Job(tracks.PURGE, jobs.purge, TrackJob),
        Job(_PURGE_OWNER, jobs.purge_owner, UserDeleted, max_attempts=10),
        Job(_SWEEP, jobs.sweep, timeout_s=4 * 3600.0),
    ],
    schedules=[Schedule(_SWEEP, daily_at="03:30")],
    subscriptions=[Subscription(UserDeleted, _PURGE_OWNER)],
    kept=kept.KEPT,
    count=figures.count,
)
