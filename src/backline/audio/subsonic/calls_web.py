"""All that can be called, by its name."""

from collections.abc import Mapping
from typing import Final

from backline.audio.subsonic import (
    browsing_web,
    deciding_web,
    hls_web,
    listening_web,
    lists_web,
    media_web,
    playing_web,
    playlists_web,
    resuming_web,
    scanning_web,
    shares_web,
    similar_web,
    system_web,
)
from backline.audio.subsonic.asking import Call

CALLS: Final[Mapping[str, Call]] = {
    **system_web.CALLS,
    **browsing_web.CALLS,
    **lists_web.CALLS,
    **listening_web.CALLS,
    **playing_web.CALLS,
    **playlists_web.CALLS,
    **resuming_web.CALLS,
    **scanning_web.CALLS,
    **shares_web.CALLS,
    **similar_web.CALLS,
    **media_web.CALLS,
    **deciding_web.CALLS,
    **hls_web.CALLS,
}
