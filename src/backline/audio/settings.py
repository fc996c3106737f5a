"""What the audio library needs to know of the installation."""

import asyncio
from pathlib import Path

import msgspec

from backline.accounts import AccountOptions
from backline.audio.options import AudioOptions
from backline.platform.confined import Confinement
from backline.platform.shared import Platform
from backline.platform.storage import Staging, Storage

Folders = tuple[Path, ...]
"""Those of the server that people may have music in."""


class AudioServices(msgspec.Struct, frozen=True):
    """What the jobs of the audio library work with; `work_dir` is emptied at each start.

    What they make there leaves `floor_bytes` of the disk free. `looks` bounds how many processes
    look at files for scans at a time, whoever's they are: whoever waits longest is next.
    """

    storage: Storage
    staging: Staging
    confinement: Confinement
    ffmpeg: Path
    work_dir: Path
    floor_bytes: int
    quota_bytes: int
    folders: tuple[Path, ...]
    scan_hours: int
    workers: int
    looks: asyncio.Semaphore


def audio_services(platform: Platform) -> AudioServices:
    """The services of a worker."""
    if platform.confinement is None:
        raise ValueError("Only a worker has a confinement for strangers' files.")
    options = platform.settings.of(AudioOptions)
    workers = platform.settings.workers
    return AudioServices(
        platform.storage,
        platform.staging,
        platform.confinement,
        platform.settings.ffmpeg_path,
        platform.work_dir,
        platform.settings.min_free_bytes,
        platform.settings.of(AccountOptions).quota_bytes,
        options.music_folders,
        options.music_scan_hours,
        workers,
        asyncio.Semaphore(workers),
    )
