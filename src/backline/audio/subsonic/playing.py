"""What the calls that give sound work with: made once, for as long as the process lives."""

import msgspec

from backline.audio.options import AudioOptions
from backline.audio.settings import Folders
from backline.audio.transcoding import Transcoder, transcoder
from backline.platform.media import MediaApp, StoredFile
from backline.platform.shared import Platform


class Playing(msgspec.Struct, frozen=True):
    """Files as they lie there, and what is made of them; None where nothing is made."""

    files: MediaApp
    folders: Folders
    transcoder: Transcoder | None


def playing(platform: Platform) -> Playing:
    """Those of a process."""
    return Playing(
        MediaApp(platform.signer, platform.storage, _nothing),
        platform.settings.of(AudioOptions).music_folders,
        transcoder(platform),
    )


async def _nothing(_prefix: str, _name: str) -> StoredFile | None:
    return None
