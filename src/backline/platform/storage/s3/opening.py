"""From settings to a bucket that can be asked: credentials, the client, both stores."""

import configparser
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from backline.platform.database import Database
from backline.platform.settings import Settings, SettingsFault
from backline.platform.settings.storage_url import Bucket
from backline.platform.storage.cdn.purging import Forget
from backline.platform.storage.faces import Stores
from backline.platform.storage.presigned import Credentials, Presign
from backline.platform.storage.s3.calls import Client
from backline.platform.storage.s3.staging import S3Staging
from backline.platform.storage.s3.store import OBJECTS, S3Storage

_WHERE: Final = (
    "BACKLINE_STORAGE_URL needs a key and its secret: in front of the bucket's name "
    "(s3://key:secret@bucket), in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or in a file that "
    "credentials_file or AWS_SHARED_CREDENTIALS_FILE names."
)


def open_s3(
    settings: Settings, bucket: Bucket, database: Database, forget: Forget | None
) -> Stores:
    """Both stores on one client.

    Raises:
        SettingsFault: there are no credentials, or their file can't be used.
    """
    credentials = credentials_of(bucket, os.environ)
    client = Client(bucket, credentials)
    presign = Presign(bucket, credentials, OBJECTS)
    storage = S3Storage(client, presign, settings.media_dir, settings.min_free_bytes, forget=forget)
    staging = S3Staging(client, database, settings.media_dir, settings.min_free_bytes)
    return Stores(storage, staging, presign)


def open_kept_in(settings: Settings, bucket: Bucket) -> S3Storage:
    """Only what is kept for good.

    Raises:
        SettingsFault: as `open_s3`.
    """
    credentials = credentials_of(bucket, os.environ)
    presign = Presign(bucket, credentials, OBJECTS)
    client = Client(bucket, credentials)
    return S3Storage(client, presign, settings.media_dir, settings.min_free_bytes)


def credentials_of(bucket: Bucket, environ: Mapping[str, str]) -> Credentials:
    """By the address, by the environment, or by a file: the first that has them.

    Raises:
        SettingsFault: none has.
    """
    if bucket.access_key and bucket.secret_key:
        return Credentials(bucket.access_key, bucket.secret_key)
    file = bucket.credentials_file or environ.get("AWS_SHARED_CREDENTIALS_FILE")
    if bucket.credentials_file is None and environ.get("AWS_ACCESS_KEY_ID"):
        return _of(
            environ.get("AWS_ACCESS_KEY_ID"),
            environ.get("AWS_SECRET_ACCESS_KEY"),
            environ.get("AWS_SESSION_TOKEN"),
        )
    if file is None:
        raise SettingsFault(_WHERE)
    profile = environ.get("AWS_PROFILE") or "default"
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(Path(file).read_text("utf-8"))
        found = dict(parser[profile])
    except (OSError, UnicodeError, configparser.Error, KeyError):
        raise SettingsFault(
            f"{file} can't be read as credentials, or has no part [{profile}]. {_WHERE}"
        ) from None
    return _of(
        found.get("aws_access_key_id"),
        found.get("aws_secret_access_key"),
        found.get("aws_session_token"),
    )


def _of(access_key: str | None, secret_key: str | None, token: str | None) -> Credentials:
    if not access_key or not secret_key:
        raise SettingsFault(_WHERE)
    return Credentials(access_key, secret_key, token or None)
