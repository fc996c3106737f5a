"""The platform's table of options: name, type, default and help; nothing else says them again.

Each is read from `BACKLINE_<NAME>` in the environment; some have a flag of `backline up` as well.
`settings.load` makes `Settings` of them. What a domain can be set to stands in its `options.py`.
"""

from typing import Final

from backline.platform.settings import parsing
from backline.platform.settings.declared import Option
from backline.platform.settings.smtp_url import smtp_url
from backline.platform.settings.storage_url import storage_url

GIB: Final = 1024**3


OPTIONS: Final = (
    Option(
        "DATA_DIR",
        parsing.path,
        None,
        "Where everything lies that this installation owns.",
        "`/var/lib/backline` for root, otherwise the user's data folder",
        flag="data",
    ),
    Option("HOST", parsing.host, "127.0.0.1", "The address to listen on.", flag="host"),
    Option("PORT", parsing.port, 8000, "The port to listen on.", flag="port"),
    Option(
        "PUBLIC_URL",
        parsing.url,
        None,
        "How people reach this installation, such as `https://music.example.org`. "
        "Required unless `BACKLINE_HOST` is a loopback address.",
    ),
    Option(
        "DATABASE_URL",
        parsing.database_url,
        None,
        "An external PostgreSQL 16 or newer. Needs `BACKLINE_SECRET_FILE`.",
        "the PostgreSQL in the data folder",
        is_secret=True,
    ),
    Option(
        "DATABASE_DIRECT_URL",
        parsing.database_url,
        None,
        "The same past a connection pooler, for migrations and notifications.",
        "`BACKLINE_DATABASE_URL`",
        is_secret=True,
    ),
    Option(
        "REPLICA_URLS",
        parsing.database_urls,
        (),
        "Streaming replicas of it that are read from, with commas between them. "
        "See [the database](database.md).",
        is_secret=True,
    ),
    Option(
        "SLOW_STATEMENT_MS",
        parsing.between(0, 3_600_000),
        1_000,
        "Statements that take longer are counted, and logged with their plan; 0 turns it off.",
    ),
    Option(
        "REDIS_URL",
        parsing.redis_url,
        None,
        "Redis 7 or newer, or Valkey. Limits and signals go through it, so that there can be "
        "several `serve` processes.",
        "none: one process serves",
        is_secret=True,
    ),
    Option(
        "SMTP_URL",
        smtp_url,
        None,
        "The mail server: `smtp://user:password@host:587?from=music@example.org`, or `smtps://`. "
        "See [mail](mail.md).",
        "none: messages are kept in the outbox of the administration",
        is_secret=True,
    ),
    Option(
        "STORAGE_URL",
        storage_url,
        None,
        "The bucket for media files, such as `s3://bucket/prefix?region=eu-central-1`. "
        "See [storage](storage.md).",
        "the folder `media` in the data folder",
        is_secret=True,
    ),
    Option(
        "MEDIA_OFFLOAD",
        parsing.one_of("none", "nginx", "redirect"),
        "none",
        "Who sends the bytes of media: this server, nginx in front of it, or S3 by a redirect. "
        "See [storage](storage.md).",
    ),
    Option(
        "MEDIA_URL_S",
        parsing.between(600, 7_200),
        3_600,
        "How long an address of media is good: so long at the most, and half of it at least. "
        "Players ask for new ones by themselves.",
    ),
    Option(
        "CDN_PURGE",
        parsing.one_of("none", "url", "cloudflare", "fastly"),
        "none",
        "Which CDN in front of the media is told to forget its copies of what is deleted: one of "
        "these two, or whatever is called at `BACKLINE_CDN_PURGE_URL`. See [storage](storage.md).",
    ),
    Option(
        "CDN_PURGE_URL",
        parsing.secret_url,
        None,
        "The address that is called with the tags to forget; or where Cloudflare's or Fastly's "
        "API answers.",
        "their own",
        is_secret=True,
    ),
    Option(
        "CDN_PURGE_ID",
        parsing.name,
        None,
        "The id of the zone (Cloudflare) or of the service (Fastly).",
    ),
    Option(
        "CDN_PURGE_TOKEN",
        parsing.token,
        None,
        "The token of a CDN's API that may purge and nothing else.",
        is_secret=True,
    ),
    Option(
        "SECRET_FILE",
        parsing.path,
        None,
        "The file with the root of all keys, mode 0600.",
        "`secrets.json` in the data folder",
    ),
    Option(
        "METRICS_PORT",
        parsing.port_or_off,
        9464,
        "The port of `/metrics` of `serve`; 0 turns it off.",
    ),
    Option(
        "WORKER_METRICS_PORT",
        parsing.port_or_off,
        9465,
        "The port of `/metrics` of `work`; 0 turns it off.",
    ),
    Option(
        "METRICS_HOST",
        parsing.host,
        "127.0.0.1",
        "The address that both listen on. Everybody who reaches it can read them.",
    ),
    Option(
        "DRAIN_S",
        parsing.between(0, 300),
        0,
        "How many seconds `serve` goes on answering after it was told to end. It isn't ready "
        "meanwhile and keeps no connection, so that a proxy loses no request. `up` needs none.",
    ),
    Option(
        "LOG_LEVEL",
        parsing.one_of("debug", "info", "warning", "error"),
        "info",
        "The least that is logged.",
    ),
    Option(
        "LOG_FORMAT", parsing.one_of("console", "json"), "console", "How log lines look."
    ),
    Option(
        "USER",
        parsing.text,
        None,
        "The user for everything that needs no root, when root starts the program.",
        "the data folder's owner, else `backline`, else `nobody`",
    ),
    Option(
        "FFMPEG",
        parsing.path,
        None,
        "The ffmpeg program to use.",
        "the one that is installed with Backline",
    ),
    Option(
        "SENTRY_DSN",
        parsing.text,
        None,
        "Where errors are reported to. Browsers are given it too.",
        "nowhere",
        is_secret=True,
    ),
    Option(
        "WORKERS",
        parsing.between(1, 256),
        None,
        "How many heavy jobs, such as preparing a track, run at once; "
        "one more if it is for somebody of whom none is running.",
        "the number of processor cores",
    ),
    Option(
        "MAX_UPLOAD_BYTES",
        parsing.size,
        GIB,
        "The largest file that may be uploaded. Sizes may end in K, M, G or T (powers of 1024).",
        "1G",
    ),
    Option(
        "MIN_FREE_BYTES",
        parsing.size,
        GIB,
        "Uploads are refused when this machine's disk has less free than this.",
        "1G",
    ),
    Option(
        "LIMIT_API_PER_MINUTE",
        parsing.between(1, 1_000_000_000),
        100,
        "How many requests to the API each person may make in a minute.",
    ),
    Option(
        "LIMIT_ANONYMOUS_PER_15_MINUTES",
        parsing.between(1, 1_000_000_000),
        100,
        "How many each address may make in 15 minutes without signing in.",
    ),
    Option(
        "LIMITS",
        parsing.quotas,
        (),
        "Other limits by their names, with commas between them, such as `register=100`. "
        "The `RateLimit-Policy` header of an answer names those that counted it.",
    ),
    Option(
        "ALLOWED_HOSTS",
        parsing.hosts,
        (),
        "More names that this server answers to, with commas between them.",
    ),
    Option(
        "CORS_ORIGINS",
        parsing.origins,
        (),
        "Origins of other pages that may call the API from a browser, with commas between them.",
    ),
    Option(
        "STORAGE_ORIGINS",
        parsing.origins,
        (),
        "Origins that media are loaded from besides this server, with commas between them.",
    ),
    Option(
        "ASSET_URL",
        parsing.url,
        None,
        "A CDN's address in front of the pages' scripts and styles.",
        "this server",
    ),
    Option(
        "TRUSTED_PROXIES",
        parsing.networks,
        (),
        "Addresses or networks of proxies whose `X-Forwarded-For` is believed, with commas "
        "between them.",
    ),
)  # fmt: skip
BY_NAME: Final = {option.name: option for option in OPTIONS}
