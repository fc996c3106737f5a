"""What the audio library can be set to, and its commands."""

from pathlib import Path
from typing import Final

import msgspec

from backline.platform.settings import Argument, Command, Option, Options, parsing

_MOST_HOURS: Final = 24 * 30
_MOST_TRANSCODES: Final = 1_000


class AudioOptions(msgspec.Struct, frozen=True):
    """Its values."""

    music_folders: tuple[Path, ...]
    music_scan_hours: int
    transcodes: int


OPTIONS: Final = Options(
    AudioOptions,
    (
        Option(
            "MUSIC_FOLDERS",
            parsing.folders,
            (),
            "Folders on this server that people may have scanned for music, with commas between "
            "them. Everybody with an account may scan and play all of each, and nothing outside "
            "of them. With several servers, each of them needs the folders at the same place.",
        ),
        Option(
            "MUSIC_SCAN_HOURS",
            parsing.between(0, _MOST_HOURS),
            24,
            "How many hours after its last scan a folder with music is scanned again, unless its "
            "owner has chosen otherwise; 0 is never.",
        ),
        Option(
            "TRANSCODES",
            parsing.between(0, _MOST_TRANSCODES),
            16,
            "How many tracks a server process converts to MP3 or Opus at a time, for apps that "
            "ask for it; one person has half of them at the most. Each takes about 30 MB while "
            "somebody listens. With 0 nothing is converted.",
        ),
    ),
    commands=(
        Command(
            ("audio", "scan"),
            "have a folder on this server scanned for music",
            "backline.audio.folders.scanning_by_hand",
            (
                Argument("folder", "one of BACKLINE_MUSIC_FOLDERS, or a folder in one"),
                Argument(
                    "--owner",
                    "whose library it goes into: an e-mail address; left out, the first "
                    "administrator's",
                    takes="EMAIL",
                ),
            ),
        ),
        Command(
            ("audio", "export"),
            "copy somebody's music into a folder, as artist/album/track",
            "backline.audio.exporting",
            (
                Argument("folder", "where to; what is there and the same isn't copied again"),
                Argument(
                    "--owner",
                    "whose library: an e-mail address; left out, the first administrator's",
                    takes="EMAIL",
                ),
            ),
        ),
    ),
)
