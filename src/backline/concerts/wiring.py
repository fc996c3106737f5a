"""The table of contents of concerts."""

from backline.accounts import UserDeleted
from backline.concerts import alike, figures, files, jobs, notices, photos, scans, takes, web
from backline.concerts.demo import adding, door_web
from backline.concerts.drive.connecting import REVOKE
from backline.concerts.drive.models import RevokeJob
from backline.concerts.exports import asking, making
from backline.concerts.exports import files as export_files
from backline.concerts.exports.asking import ConcertExportJob
from backline.concerts.gazetteer import cities, loading, venues
from backline.concerts.history import concerts, queueing
from backline.concerts.history.models import ConcertJob
from backline.concerts.imports import asking as importing
from backline.concerts.imports import files as import_files
from backline.concerts.imports import working
from backline.concerts.imports.models import ConcertImportJob
from backline.concerts.models import OwnerJob, PhotoJob
from backline.concerts.options import tiles_origins
from backline.concerts.scans import ScanJob
from backline.concerts.services import SAMPLE_PREFIX, connecting, photo_services, run
from backline.platform.cache import Cached
from backline.platform.domain import Domain, Once
from backline.platform.front.doors import Door
from backline.platform.jobs import Job, Schedule, Subscription
from backline.platform.limits import Limit, Policy
from backline.uploads import UPLOADS

_REPAIR, _PURGE_OWNER = "concerts.repair", "concerts.purge-owner"
_PRUNE_OUTSIDE, _EXPIRE = "concerts.prune-outside", "concerts.expire-files"
_CELEBRATE, _REMEMBER = "concerts.celebrate", "concerts.remember"
_RESEAL = "concerts.reseal"
_SCANS = Policy("scans", 5, 3600, "user")
# A person types ten letters a second at the most, and not for long.
_TYPING = Policy("typing", 240, 60, "user")
_MATCHING = Policy("matching", 20, 3600, "user")
_EXPORTS = Policy("exports", 30, 3600, "user")
_MINE, _MY_SCANS = ("photos:{user}",), ("scans:{user}",)
_HISTORY = ("concerts:{user}",)
_IMPORTS = ("concert-imports:{user}",)
_HISTORY_WITH_PHOTOS = (*_HISTORY, *_MINE)

DOMAIN = Domain(
    name="concerts",
    routes=web.ROUTES,
    doors=[Door(SAMPLE_PREFIX, door_web.door, lambda _parts, _callers: door_web.nobody)],
    runs=run,
    provides={"connecting": Once(connecting)},
    services=photo_services,
    caches=[
        Cached("/photos", "photos", 300, _MINE, holds_urls=True),
        Cached("/photos/days", "photo-days", 60, _MINE),
        Cached("/photos/places", "photo-places", 60, _MINE),
        Cached("/photos/groups", "photo-groups", 300, _MINE, holds_urls=True),
        Cached("/photos/{photo_id:uuid}", "photo", 300, _HISTORY_WITH_PHOTOS, holds_urls=True),
        Cached("/venues", "venues", 600, (venues.TAG,)),
        Cached("/cities", "cities", 3600, (cities.TAG,)),
        Cached("/scans", "scans", 30, _MY_SCANS),
        Cached("/scans/{scan_id:uuid}", "scan", 30, _MY_SCANS),
        Cached("/concerts", "concerts", 300, _HISTORY_WITH_PHOTOS, holds_urls=True),
        Cached("/concerts/artists", "concert-artists", 300, _HISTORY),
        Cached("/concerts/artists/{artist_id:uuid}", "concert-artist", 600, _HISTORY),
        Cached("/concerts/venues", "concert-venues", 300, _HISTORY),
        Cached("/concerts/venues/{venue_id:uuid}", "concert-venue", 600, _HISTORY),
        Cached("/concerts/timeline", "concert-timeline", 300, _HISTORY),
        Cached("/concerts/map", "concert-map", 300, _HISTORY),
        Cached("/concerts/statistics", "concert-statistics", 600, _HISTORY),
        Cached("/concerts/matching", "matching", 30, _HISTORY),
        Cached("/concerts/imports", "concert-imports", 60, _IMPORTS),
        Cached(
            "/concerts/exports",
            "concert-exports",
            300,
            ("concert-exports:{user}",),
            holds_urls=True,
        ),
        Cached("/concerts/reviews", "reviews", 300, _HISTORY_WITH_PHOTOS, holds_urls=True),
        Cached(
            "/concerts/{concert_id:uuid}", "concert", 600, _HISTORY_WITH_PHOTOS, holds_urls=True
        ),
        Cached(
            "/concerts/{concert_id:uuid}/photos",
            "concert-photos",
            300,
            _HISTORY_WITH_PHOTOS,
            holds_urls=True,
        ),
    ],
    limits=[
        Limit(UPLOADS, "POST", "/photos", instead=True),
        Limit(_SCANS, "POST", "/scans"),
        Limit(_TYPING, "GET", "/venues", instead=True),
        Limit(_TYPING, "GET", "/cities", instead=True),
        Limit(_MATCHING, "POST", "/concerts/matching"),
        Limit(_EXPORTS, "POST", "/concerts/exports"),
        Limit(UPLOADS, "POST", "/concerts/imports", instead=True),
    ],
    jobs=[
        # Kills and restarts cost a scan no more than the batch under way, so it takes many.
        Job(
            scans.SCAN,
            jobs.scan,
            ScanJob,
            max_attempts=100,
            timeout_s=24 * 3600.0,
            concurrency=8,
            on_dead=jobs.scan_died,
            backoff_cap_s=60.0,
        ),
        Job(
            photos.PREPARE,
            jobs.prepare,
            PhotoJob,
            max_attempts=3,
            timeout_s=900.0,
            heavy=True,
            on_dead=jobs.photo_died,
        ),
        Job(
            photos.AVIF,
            jobs.draw_avif,
            PhotoJob,
            max_attempts=3,
            timeout_s=900.0,
            heavy=True,
            on_dead=jobs.photo_died,
        ),
        Job(alike.GROUP, jobs.group, OwnerJob),
        Job(photos.PURGE, jobs.purge, PhotoJob),
        Job(concerts.PURGE, jobs.purge_concert, ConcertJob),
        Job(queueing.CUT, jobs.cut, OwnerJob, timeout_s=1800.0),
        # Kills and restarts cost it no more than the session under way, so it takes many.
        Job(
            queueing.MATCH,
            jobs.match,
            OwnerJob,
            max_attempts=100,
            timeout_s=4 * 3600.0,
            concurrency=4,
            backoff_cap_s=60.0,
        ),
        Job(
            asking.EXPORT,
            making.make,
            ConcertExportJob,
            max_attempts=3,
            timeout_s=3600.0,
            heavy=True,
            on_dead=making.died,
        ),
        Job(
            importing.READ,
            working.read,
            ConcertImportJob,
            max_attempts=3,
            timeout_s=600.0,
            on_dead=working.died,
        ),
        # Kills and restarts cost these no more than the batch under way, so they take many.
        Job(
            importing.BRING,
            working.bring,
            ConcertImportJob,
            max_attempts=100,
            timeout_s=3600.0,
            on_dead=working.died,
            backoff_cap_s=60.0,
        ),
        Job(
            importing.TAKE_BACK,
            working.take_back,
            ConcertImportJob,
            max_attempts=100,
            timeout_s=3600.0,
            on_dead=working.died,
            backoff_cap_s=60.0,
        ),
        Job(_EXPIRE, jobs.expire_files),
        Job(_CELEBRATE, jobs.celebrate, timeout_s=3600.0),
        Job(_REMEMBER, jobs.remember, timeout_s=4 * 3600.0),
        Job(_REPAIR, jobs.repair, timeout_s=4 * 3600.0),
        Job(_PRUNE_OUTSIDE, jobs.prune_outside),
        Job(REVOKE, jobs.revoke_drive, RevokeJob, max_attempts=20),
        Job(_RESEAL, jobs.reseal, timeout_s=3600.0),
        Job(loading.LOAD, jobs.load_cities, timeout_s=1800.0, heavy=True),
        Job(loading.SETTLE, jobs.settle_venues, timeout_s=4 * 3600.0),
        Job(_PURGE_OWNER, jobs.purge_owner, UserDeleted, max_attempts=10, timeout_s=4 * 3600.0),
    ],
    schedules=[
        Schedule(_REPAIR, daily_at="04:20"),
        Schedule(_PRUNE_OUTSIDE, daily_at="04:50"),
        Schedule(_EXPIRE, every_s=3600),
        Schedule(_CELEBRATE, every_s=300),
        # It is the same day nearly everywhere.
        Schedule(_REMEMBER, daily_at="08:00"),
        Schedule(_RESEAL, daily_at="04:25"),
        # Soon after the first start, and after the start that brought other cities.
        Schedule(loading.LOAD, every_s=60),
        Schedule(loading.SETTLE, daily_at="04:35"),
    ],
    subscriptions=[Subscription(UserDeleted, _PURGE_OWNER)],
    topics={"photos": "concerts:read", "concerts": "concerts:read"},
    files=[files.PHOTOS, export_files.EXPORTS, import_files.IMPORTS],
    takes=[takes.PHOTOS, importing.TABLES],
    confined=[
        "backline.concerts.engine.draw",
        "backline.concerts.engine.look",
        "backline.concerts.engine.tables",
        "backline.concerts.engine.typesetting",
        "backline.concerts.gazetteer.geonames",
    ],
    origins=tiles_origins,
    notices=notices.KINDS,
    count=figures.count,
    demo=adding.add,
)
