"""What the audio library needs to know of the installation."""

from pathlib import Path

import msgspec

from backline.platform.confined import Confinement
from backline.platform.storage import Staging, Storage


class AudioSettings(msgspec.Struct, frozen=True):
    """Injected into the handlers as `audio`. `quota_bytes` is for people without their own."""

    max_upload_bytes: int
    quota_bytes: int


class AudioServices(msgspec.Struct, frozen=True):
    """What the jobs of the audio library work with; `work_dir` is emptied at each start."""

    storage: Storage
    staging: Staging
    confinement: Confinement
    ffmpeg: Path
    work_dir: Path
