"""What the jobs of photos and of the history work with."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import msgspec

from backline.accounts import AccountOptions
from backline.concerts.drive.connecting import PATH, Connecting
from backline.concerts.drive.keys import drive_seal
from backline.concerts.history.samples import Samples, samples
from backline.concerts.options import SAMPLE_DRIVE, ConcertOptions
from backline.concerts.outside import Outside, opened
from backline.concerts.outside.google import Google
from backline.platform.confined import Confinement
from backline.platform.secrets.sealing import Seal
from backline.platform.settings import Settings
from backline.platform.shared import Platform
from backline.platform.storage import Staging, Storage

SAMPLE_PREFIX: Final = "/sample-drive"
SAMPLE_ACCOUNT: Final = "backline-sample-drive"  # what it calls itself where Google has a number


def scannable(settings: Settings) -> tuple[Path, ...]:
    """The folders that may be scanned: the operator's, and that of the sample photos."""
    return (*settings.of(ConcertOptions).photo_folders, sample_folder(settings))


def sample_folder(settings: Settings) -> Path:
    """Where `backline up --demo` puts photos that the program made itself."""
    return settings.data_dir / "samples" / "photos"


def sample_drive_folder(settings: Settings) -> Path:
    """Where the photos of the made-up Drive lie."""
    return settings.data_dir / "samples" / "drive"


def sample_drive(settings: Settings) -> str | None:
    """Where the made-up Drive answers, if it does: where the operator has no client at Google."""
    options = settings.of(ConcertOptions)
    has_client = options.google_client_id is not None and options.google_client_secret is not None
    if options.google_url != SAMPLE_DRIVE or has_client:
        return None
    return f"{settings.address.rstrip('/')}{SAMPLE_PREFIX}"


class ConcertParts(msgspec.Struct, frozen=True):
    """What a process has of this domain: the platform, the services outside, the samples' world."""

    platform: Platform
    outside: Outside
    samples: Samples


@asynccontextmanager
async def run(platform: Platform) -> AsyncGenerator[ConcertParts]:
    """For the life of a process."""
    options, settings = platform.settings.of(ConcertOptions), platform.settings
    async with (
        opened(
            options,
            platform.database,
            public_url=settings.public_url,
            sample_drive=sample_drive(settings),
        ) as outside,
        samples(platform.database) as of_samples,
    ):
        yield ConcertParts(platform, outside, of_samples)


class PhotoServices(msgspec.Struct, frozen=True):
    """The storage, the confinement, what is outside, and the settings.

    `work_dir` is emptied at each start.

    `decodes` bounds how many processes decode for scans at a time, whoever's they are: whoever
    waits longest is next, so that a small scan doesn't wait for a large one to end.
    """

    storage: Storage
    staging: Staging
    confinement: Confinement
    work_dir: Path
    folders: tuple[Path, ...]
    zone: str | None
    quota_bytes: int
    workers: int
    decodes: asyncio.Semaphore
    outside: Outside
    samples: Samples
    sample_folder: Path
    most_concerts: int | None
    setlists_per_day: int | None
    google: Google | None
    drive_seal: Seal


def connecting(parts: ConcertParts) -> Connecting:
    """What connecting a Google Drive takes."""
    platform = parts.platform
    options = platform.settings.of(ConcertOptions)
    needed = {
        "BACKLINE_GOOGLE_CLIENT_ID": options.google_client_id,
        "BACKLINE_GOOGLE_CLIENT_SECRET": options.google_client_secret,
    }
    return Connecting(
        parts.outside.google,
        drive_seal(platform.secrets),
        f"{platform.settings.address.rstrip('/')}{PATH}",
        tuple(name for name, given in needed.items() if given is None),
    )


def photo_services(parts: ConcertParts) -> PhotoServices:
    """The services of a worker."""
    platform = parts.platform
    if platform.confinement is None:
        raise ValueError("Only a worker has a confinement for strangers' files.")
    options = platform.settings.of(ConcertOptions)
    workers = platform.settings.workers
    return PhotoServices(
        platform.storage,
        platform.staging,
        platform.confinement,
        platform.work_dir,
        scannable(platform.settings),
        options.photo_zone,
        platform.settings.of(AccountOptions).quota_bytes,
        workers,
        asyncio.Semaphore(workers),
        parts.outside,
        parts.samples,
        sample_folder(platform.settings),
        options.concerts_per_account,
        options.setlistfm_per_day if options.setlistfm_key is not None else None,
        parts.outside.google,
        drive_seal(platform.secrets),
    )
