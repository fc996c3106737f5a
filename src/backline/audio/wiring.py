"""The table of contents of the audio library."""

from backline.accounts import UserClosedOrOpened, UserDeleted
from backline.audio import (
    downloads,
    downloads_web,
    duplicates_web,
    entries_web,
    figures,
    files,
    jobs,
    library_web,
    listening_web,
    lyrics_web,
    notices,
    playlist_members_web,
    playlists,
    playlists_web,
    share_links,
    shared_files,
    shared_web,
    shares_web,
    takes,
    tracks,
    tracks_web,
)
from backline.audio.demo import adding
from backline.audio.discover import discover_web, neighboring
from backline.audio.discover.neighboring import NeighborsJob
from backline.audio.folders import scans, scans_web
from backline.audio.folders.scans import MusicScanJob
from backline.audio.following import feed_web, people, people_web
from backline.audio.models import TrackJob
from backline.audio.settings import audio_services
from backline.audio.subsonic import credentials_web, door_web, heard_files
from backline.platform.cache import Cached
from backline.platform.domain import Domain, Once
from backline.platform.front.doors import Door
from backline.platform.jobs import Job, Schedule, Subscription
from backline.platform.limits import Limit, Policy
from backline.uploads import UPLOADS

_PURGE_OWNER = "audio.purge-owner"
_CLOSE_OR_OPEN = "audio.close-or-open"
_SWEEP = "audio.sweep"  # 0.1.0 queued it; nobody does any more, so it goes after 0.2.0
_FILE = "audio.file"
_PURGE_PLAYLISTS = "audio.purge-playlists"
_TRIM = "audio.trim-history"
_SCAN_DUE = "audio.scan-due"
_FORGET_MISSING = "audio.forget-missing"
_NEIGHBORS_NEW = "audio.neighbors-new"
_NEIGHBORS_ALL = "audio.neighbors-all"
_FOLLOWS = Policy("follow", 120, 900, "user", "window")
_SCANS = Policy("music-scans", 20, 3600, "user")
_RENDER_TIMEOUT_S = 6 * 3600.0

_LIST = ("tracks:{user}",)
_SHELVES = ("shelves:{user}",)  # `filing.tag`
_ONE = ("track:{track_id}",)
_NEIGHBORS = ("neighbors:{user}",)  # `neighboring.tag`
_MY_SCANS = ("music-scans:{user}",)
_PLAYLIST = "/playlists/{playlist_id:uuid}"
_BETWEEN = ("people:{user_id}", "people:{user}", people.EVERYBODY_TAG)
_INVITATIONS = "/playlists/invitations/"
_IN_PLAYLIST = ("playlist:{playlist_id}",)

DOMAIN = Domain(
    name="audio",
    routes=[
        *tracks_web.ROUTES,
        *library_web.ROUTES,
        *downloads_web.ROUTES,
        *duplicates_web.ROUTES,
        *discover_web.ROUTES,
        *listening_web.ROUTES,
        *lyrics_web.ROUTES,
        *scans_web.ROUTES,
        *playlists_web.ROUTES,
        *entries_web.ROUTES,
        *playlist_members_web.ROUTES,
        *shares_web.ROUTES,
        *shared_web.ROUTES,
        *people_web.ROUTES,
        *feed_web.ROUTES,
    ],
    doors=[
        Door(
            door_web.PREFIX,
            door_web.door,
            lambda _platform, callers: credentials_web.credentials(callers),
            door_web.POLICY,
        )
    ],
    provides={"link_keys": Once(lambda platform: share_links.link_keys(platform.secrets))},
    services=audio_services,
    caches=[
        Cached("/tracks", "list", 300, _LIST, holds_urls=True),
        Cached(
            "/tracks/duplicates", "duplicates", 300, (*_LIST, "playlists:{user}"), holds_urls=True
        ),
        Cached("/tracks/{track_id:uuid}", "track", 300, _ONE, holds_urls=True),
        Cached("/tracks/{track_id:uuid}/stream", "stream", 3600, _ONE, holds_urls=True),
        Cached("/tracks/{track_id:uuid}/waveform", "waveform", 3600, _ONE),
        Cached("/tracks/{track_id:uuid}/lyrics", "lyrics", 3600, _ONE),
        Cached(
            "/tracks/{track_id:uuid}/similar",
            "similar",
            300,
            (*_LIST, *_NEIGHBORS),
            holds_urls=True,
        ),
        Cached(
            "/discover",
            "discover",
            300,
            (*_LIST, *_SHELVES, *_NEIGHBORS, "plays:{user}"),
            holds_urls=True,
        ),
        Cached("/artists", "artists", 300, _SHELVES, holds_urls=True),
        Cached("/artists/{artist_id:uuid}", "artist", 300, _SHELVES, holds_urls=True),
        Cached("/albums", "albums", 300, _SHELVES, holds_urls=True),
        Cached("/albums/{album_id:uuid}", "album", 300, _SHELVES, holds_urls=True),
        Cached("/albums/{album_id:uuid}/tracks", "album-tracks", 300, _LIST, holds_urls=True),
        Cached("/genres", "genres", 300, _SHELVES),
        Cached("/playlists", "playlists", 300, ("playlists:{user}",), shared=True),
        Cached("/playlists/public", "public-playlists", 300, (playlists.PUBLIC_TAG,)),
        Cached(_PLAYLIST, "playlist", 300, _IN_PLAYLIST, shared=True),
        Cached(f"{_PLAYLIST}/members", "playlist-members", 300, _IN_PLAYLIST, shared=True),
        Cached(
            f"{_PLAYLIST}/entries",
            "playlist-entries",
            300,
            (*_IN_PLAYLIST, *_LIST),
            holds_urls=True,
            shared=True,
        ),
        Cached("/audio/profile", "listener", 300, ("people:{user}",)),
        Cached("/audio/people", "people", 300, ("people:{user}", people.EVERYBODY_TAG)),
        Cached("/users/{user_id:uuid}/profile", "person", 300, _BETWEEN),
        Cached("/users/{user_id:uuid}/followers", "followers", 300, _BETWEEN),
        Cached("/users/{user_id:uuid}/following", "following", 300, _BETWEEN),
        Cached(
            "/users/{user_id:uuid}/playlists",
            "playlists-of",
            300,
            (*_BETWEEN, playlists.PUBLIC_TAG),
        ),
        Cached(
            "/audio/feed",
            "feed",
            60,
            ("people:{user}", people.EVERYBODY_TAG, playlists.PUBLIC_TAG),
            holds_urls=True,
        ),
        Cached("/history", "history", 300, ("plays:{user}", *_LIST), holds_urls=True),
        Cached("/music-scans", "music-scans", 30, _MY_SCANS),
        Cached("/music-scans/{music_scan_id:uuid}", "music-scan", 30, _MY_SCANS),
    ],
    limits=[
        Limit(UPLOADS, "POST", "/tracks", instead=True),
        Limit(_SCANS, "POST", "/music-scans"),
        Limit(_FOLLOWS, "PUT", "/users/"),
        Limit(Policy("playlist-invitation", 30, 900, "user", "window"), "POST", _INVITATIONS),
        # Whoever listens to an album asks twice a track, and a household has one address.
        Limit(Policy("shared", 300, 60, "address"), "POST", "/shared/", instead=True),
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
        # Kills and restarts cost a scan no more than the batches under way, so it takes many.
        Job(
            scans.SCAN,
            jobs.scan,
            MusicScanJob,
            max_attempts=100,
            timeout_s=24 * 3600.0,
            concurrency=8,
            on_dead=jobs.scan_died,
            backoff_cap_s=60.0,
        ),
        Job(_SCAN_DUE, jobs.scan_due),
        Job(_FORGET_MISSING, jobs.forget_missing, timeout_s=4 * 3600.0),
        Job(_PURGE_OWNER, jobs.purge_owner, UserDeleted, max_attempts=10),
        Job(_CLOSE_OR_OPEN, jobs.close_or_open, UserClosedOrOpened, max_attempts=10),
        Job(_FILE, jobs.file_all, timeout_s=4 * 3600.0),
        Job(_PURGE_PLAYLISTS, jobs.purge_playlists, timeout_s=3600.0),
        Job(_TRIM, jobs.trim_history, timeout_s=3600.0),
        Job(_SWEEP, jobs.sweep, timeout_s=4 * 3600.0),
        Job(
            neighboring.NEIGHBORS,
            jobs.neighbors,
            NeighborsJob,
            timeout_s=6 * 3600.0,
            concurrency=1,
        ),
        Job(_NEIGHBORS_NEW, jobs.neighbors_new),
        Job(_NEIGHBORS_ALL, jobs.neighbors_all, timeout_s=3600.0),
    ],
    # Finds nothing but once after an update; a process of the version before may add some more.
    schedules=[
        Schedule(_FILE, every_s=600),
        Schedule(_TRIM, daily_at="04:20"),
        Schedule(_SCAN_DUE, every_s=600),
        Schedule(_FORGET_MISSING, daily_at="04:35"),
        Schedule(_PURGE_PLAYLISTS, daily_at="04:30"),
        Schedule(_NEIGHBORS_NEW, every_s=600),
        Schedule(_NEIGHBORS_ALL, daily_at="02:40"),
    ],
    subscriptions=[
        Subscription(UserDeleted, _PURGE_OWNER),
        Subscription(UserClosedOrOpened, _CLOSE_OR_OPEN),
    ],
    topics={"tracks": "audio:read", "playlists": "audio:read"},
    files=[files.TRACKS, *downloads.KINDS, shared_files.SHARED, heard_files.HEARD],
    takes=[takes.TRACKS],
    notices=notices.KINDS,
    confined=[
        "backline.audio.engine.catalogue",
        "backline.audio.engine.cover",
        "backline.audio.engine.levelling",
        "backline.audio.engine.package",
        "backline.audio.engine.probe",
        "backline.audio.engine.tags",
    ],
    count=figures.count,
    demo=adding.add,
)
