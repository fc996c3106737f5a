"""The services outside that the operator has chosen, opened for the life of a process."""

import contextlib
from collections.abc import AsyncGenerator

from msgspec import Struct

from backline import __version__
from backline.concerts.options import SAMPLE_DRIVE, ConcertOptions
from backline.concerts.outside import setlistfm
from backline.concerts.outside.asking import Asker
from backline.concerts.outside.google import Addresses, Google, addresses_at
from backline.concerts.outside.musicbrainz import MusicBrainz
from backline.concerts.outside.nominatim import Nominatim
from backline.concerts.outside.overpass import Overpass
from backline.concerts.outside.setlistfm import SetlistFm
from backline.concerts.outside.terms import Terms
from backline.platform.database import Database
from backline.platform.outside.client import OutsideClient


class Outside(Struct, frozen=True):
    """Each is None where the operator hasn't chosen it."""

    setlistfm: SetlistFm | None
    overpass: Overpass | None
    nominatim: Nominatim | None
    musicbrainz: MusicBrainz | None
    google: Google | None


@contextlib.asynccontextmanager
async def opened(
    options: ConcertOptions,
    database: Database,
    *,
    public_url: str | None,
    sample_drive: str | None = None,
) -> AsyncGenerator[Outside]:
    """Clients that share their connections; `public_url` tells services who asks.

    `sample_drive` is where the made-up Drive is, if that is wanted.
    """
    client = OutsideClient(f"Backline/{__version__} ({public_url or 'a private installation'})")
    asker = Asker(database, client)
    try:
        yield Outside(
            _setlistfm(options, asker, database),
            Overpass(asker, database, url=options.overpass_url) if options.overpass_url else None,
            Nominatim(asker, database, url=options.nominatim_url)
            if options.nominatim_url
            else None,
            MusicBrainz(asker, database, url=options.musicbrainz_url)
            if options.musicbrainz_url
            else None,
            _google(options, client, sample_drive),
        )
    finally:
        await client.close()


def _setlistfm(options: ConcertOptions, asker: Asker, database: Database) -> SetlistFm | None:
    if options.setlistfm_key is None:
        return None
    burst = options.setlistfm_burst
    terms = Terms(
        setlistfm.SERVICE,
        count=burst,
        span_s=burst / options.setlistfm_per_second,
        per_day=options.setlistfm_per_day,
    )
    url, key = options.setlistfm_url, options.setlistfm_key
    return SetlistFm(asker, database, url=url, key=key, terms=terms)


def _google(
    options: ConcertOptions, client: OutsideClient, sample_drive: str | None
) -> Google | None:
    client_id, secret = options.google_client_id, options.google_client_secret
    url = options.google_url if options.google_url != SAMPLE_DRIVE else None
    if client_id is None or secret is None:
        if sample_drive is None:
            return None
        return Google(client, SAMPLE_DRIVE, SAMPLE_DRIVE, addresses_at(sample_drive))
    return Google(client, client_id, secret, addresses_at(url) if url else Addresses())
