"""A history in figures, out of the counts that every change keeps."""

from typing import Final
from uuid import UUID

import msgspec

from backline.platform.database import Read

MOST_NAMES: Final = 20


class FigureRow(msgspec.Struct, frozen=True):
    """How many there are of something.

    `measure` is `year`, `weekday`, `country`, `city`, `artist` or `venue`, and `key` says which;
    of `artists` and `venues` all are counted. `place` is a venue's city.
    """

    measure: str
    key: str
    id: UUID | None
    place: str
    country_code: str
    n: int


_COUNTED: Final = """
SELECT measure, key, NULL::uuid AS id, '' AS place, '' AS country_code, n
FROM concert_counts WHERE owner_id = $1 AND n > 0"""
# Each part looks into one index, in the owner's partition.
_FIGURES: Final = f"""
({_COUNTED} AND measure = 'year' ORDER BY key DESC LIMIT 400)
UNION ALL ({_COUNTED} AND measure = 'weekday' LIMIT 7)
UNION ALL ({_COUNTED} AND measure = 'country' ORDER BY n DESC, key LIMIT 300)
UNION ALL ({_COUNTED} AND measure = 'city' ORDER BY n DESC, key LIMIT 2000)
UNION ALL (SELECT 'artist', name, id, '', '', n FROM concert_artists
  WHERE owner_id = $1 AND n > 0 ORDER BY n DESC, id DESC LIMIT $2)
UNION ALL (SELECT 'venue', name, id, city, country_code, n FROM concert_venues
  WHERE owner_id = $1 AND n > 0 ORDER BY n DESC, id DESC LIMIT $2)
UNION ALL (SELECT 'artists', '', NULL, '', '', count(*)::int FROM concert_artists
  WHERE owner_id = $1 AND n > 0)
UNION ALL (SELECT 'venues', '', NULL, '', '', count(*)::int FROM concert_venues
  WHERE owner_id = $1 AND n > 0)
"""  # noqa: S608  # literals alone


async def figures(read: Read, owner_id: UUID) -> list[FigureRow]:
    """What there is of every measure; of each the most first, but for years and weekdays."""
    return await read.fetch(_FIGURES, FigureRow, owner_id, MOST_NAMES)
