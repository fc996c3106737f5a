"""What strangers' tables tell, as it comes out of the confined child that read them."""

import msgspec


class SaidArtist(msgspec.Struct, frozen=True):
    """One of a bill as a table says it."""

    name: str
    headliner: bool = False
    songs: list[str] = []
    tour: str = ""
    mbid: str = ""
    url: str = ""
    setlist_id: str = ""
    setlist_url: str = ""


class SaidConcert(msgspec.Struct, frozen=True):
    """A concert as a table says it, in its own words: `line` is where it begins, `ref` its id.

    `problem` is why it can't be one, in a sentence for a person; empty where nothing is known yet.
    """

    line: int
    ref: str
    held_on: str
    ends_on: str
    title: str
    festival: bool
    venue: str
    city: str
    country: str
    latitude: str
    longitude: str
    zone: str
    notes: str
    bill: list[SaidArtist]
    problem: str = ""


class Table(msgspec.Struct, frozen=True, tag="table"):
    """A table that was read. `ignored` are headers that nobody knows."""

    encoding: str
    delimiter: str
    columns: list[str]
    ignored: list[str]
    concerts: list[SaidConcert]


class NoTable(msgspec.Struct, frozen=True, tag="no-table"):
    """Why a file can't be read, in a sentence for a person."""

    reason: str
