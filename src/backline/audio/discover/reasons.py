"""Why a track is recommended: codes and values, each of which was found, or is so at this moment.

What two tracks share by name is compared when somebody asks, so that no reason outlives its tags.
"""

from typing import Final, Literal

import msgspec

from backline.audio.credits import genres_in, name_key
from backline.audio.engine.kin import SOUNDS_ALIKE
from backline.audio.models import TrackRow

Code = Literal[
    "sound",
    "artist",
    "genre",
    "years",
    "heard_together",
    "in_playlists",
    "by_artist",
    "begins_with",
    "near_track",
    "heard_on_this_day",
    "released_on_this_day",
    "not_heard_since",
    "never_heard",
    "like_loved",
]
_NEAR_YEARS: Final = 2


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """A reason: what its `code` is about.

    `sound`: how alike both sound (`share`, up to 1); `artist`, `genre`: the one that both have
    (`name`); `years`: when the other came out (`year`); `heard_together`: in so many sittings
    (`count`); `in_playlists`: beside each other in so many (`count`); `by_artist`: whose radio
    this is, `begins_with`: the track that it begins with, `near_track`: the one that it is like,
    `like_loved`: the one of those that one loves (`name`); `heard_on_this_day`: in which `year`
    and how often (`count`); `released_on_this_day`: the `year`; `not_heard_since`: the month
    (`name`, as 2024-03), and how often it was heard until then (`count`).
    """

    code: Code
    name: str | None = None
    count: int | None = None
    year: int | None = None
    share: float | None = None


def shared(one: TrackRow, other: TrackRow) -> list[Reason]:
    """What two tracks have in common by their names."""
    found: list[Reason] = []
    names = dict(zip(other.artist_ids, other.artist_names, strict=False))
    artist_id = next((artist for artist in one.artist_ids if artist in names), None)
    if artist_id is not None:
        found.append(Reason("artist", name=names[artist_id]))
    mine = {name_key(genre) for genre in genres_in(one.genre)}
    genre = next((genre for genre in genres_in(other.genre) if name_key(genre) in mine), None)
    if genre is not None:
        found.append(Reason("genre", name=genre))
    if one.year and other.year and abs(one.year - other.year) <= _NEAR_YEARS:
        found.append(Reason("years", year=other.year))
    return found


def measured(sound: float | None, heard: int, beside: int) -> list[Reason]:
    """What was found of two tracks."""
    found: list[Reason] = []
    if sound is not None and sound >= SOUNDS_ALIKE:
        found.append(Reason("sound", share=round(sound, 2)))
    if heard:
        found.append(Reason("heard_together", count=heard))
    if beside:
        found.append(Reason("in_playlists", count=beside))
    return found
