"""What becomes of each concert of a table: whether it can be one, and whether it is known."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Final
from uuid import UUID

import msgspec

from backline.concerts.engine.tellings import SaidArtist, SaidConcert
from backline.concerts.history import concerts, making
from backline.concerts.history.facts import Facts, PlayedFacts
from backline.concerts.history.models import ConcertForm
from backline.concerts.sql.imports import ItemRow, KnownRow
from backline.platform.errors import Invalid

_URL: Final = ("https://", "http://")
_LONGEST: Final = 500
_MOST_SAID: Final = 300


class Judged(msgspec.Struct, frozen=True):
    """A concert of a table, as it is kept: what it would be, or why it can't be any."""

    item: ItemRow
    facts: Facts | None
    ref: UUID | None


def judge(position: int, said: SaidConcert) -> Judged:
    """What a concert of a table would be."""
    if said.problem:
        return _wrong(position, said, said.problem)
    if not (said.bill or said.venue or said.title):
        return _wrong(position, said, "It names no artist, no venue and no title.")
    try:
        form = msgspec.convert(_form(said), ConcertForm)
        facts = concerts.facts_of(form)
    except msgspec.ValidationError as fault:
        return _wrong(position, said, _words(str(fault)))
    except (Invalid, ValueError) as fault:
        return _wrong(position, said, str(fault) or "It can't be a concert.")
    bill = [_known(one, artist) for one, artist in zip(facts.bill, said.bill, strict=True)]
    facts = msgspec.structs.replace(facts, bill=bill)
    encoded = msgspec.json.encode(facts).decode()
    item = ItemRow(position, said.line, "new", "", encoded, None)
    return Judged(item, facts, _id(said.ref))


def recognised(judged: Sequence[Judged], known: Iterable[KnownRow]) -> list[ItemRow]:
    """The concerts of a table, those that the history has, or the table itself, told as known.

    The same is what has the same id; or on the same day the same place or somebody of the bill.
    """
    by_day: dict[date, list[KnownRow]] = {}
    by_id: dict[UUID, KnownRow] = {}
    for row in known:
        by_day.setdefault(row.held_on, []).append(row)
        by_id[row.id] = row
    items: list[ItemRow] = []
    for one in judged:
        item, facts = one.item, one.facts
        if facts is None:
            items.append(item)
            continue
        same = by_id.get(one.ref) if one.ref else None
        there = by_day.setdefault(facts.held_on, [])
        same = same or next((row for row in there if _is_same(row, facts)), None)
        if same is not None:
            item = msgspec.structs.replace(item, state="known", concert_id=_made(same.id))
        else:
            there.append(_row_of(facts))
        items.append(item)
    return items


# What stands for a concert of the table itself, which has no id yet.
_OF_TABLE: Final = UUID(int=0)


def _made(concert_id: UUID) -> UUID | None:
    return None if concert_id == _OF_TABLE else concert_id


def _row_of(facts: Facts) -> KnownRow:
    venue = making.key_of(facts.venue.name) if facts.venue else ""
    artists = [making.key_of(one.name) for one in facts.bill]
    return KnownRow(_OF_TABLE, facts.held_on, facts.title, venue, artists)


def _is_same(row: KnownRow, facts: Facts) -> bool:
    new = _row_of(facts)
    if new.venue_key and row.venue_key and new.venue_key != row.venue_key:
        return False  # two places on one day are two concerts
    if new.title and row.title and making.key_of(new.title) == making.key_of(row.title):
        return True
    if new.artist_keys and row.artist_keys:
        return bool(set(new.artist_keys) & set(row.artist_keys))
    return bool(new.venue_key) and new.venue_key == row.venue_key


def _form(said: SaidConcert) -> dict[str, object]:
    """As the form of a concert by hand is sent."""
    form: dict[str, object] = {
        "held_on": said.held_on,
        "ends_on": said.ends_on or None,
        "zone": said.zone or None,
        "title": said.title,
        "festival": said.festival,
        "notes": said.notes,
        "bill": [
            {
                "name": one.name,
                "mbid": one.mbid,
                "headliner": one.headliner,
                "songs": one.songs,
            }
            for one in said.bill
        ],
    }
    if said.venue:
        venue: dict[str, object] = {
            "name": said.venue,
            "city": said.city,
            "country_code": said.country,
        }
        if said.latitude and said.longitude:
            try:
                at = {"latitude": float(said.latitude), "longitude": float(said.longitude)}
            except ValueError:
                raise Invalid("Its latitude and longitude aren't numbers.") from None
            venue["location"] = at
        form["venue"] = venue
    return form


def _known(one: PlayedFacts, said: SaidArtist) -> PlayedFacts:
    """What else the table knows of one of a bill; links lead to pages or nowhere."""
    return msgspec.structs.replace(
        one,
        url=_link(said.url),
        tour=said.tour[:_LONGEST],
        setlist_id=said.setlist_id[:_LONGEST] if _link(said.setlist_url) else "",
        setlist_url=_link(said.setlist_url),
    )


def _link(url: str) -> str:
    return url if url.startswith(_URL) and len(url) <= _LONGEST else ""


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _wrong(position: int, said: SaidConcert, problem: str) -> Judged:
    facts = {"held_on": said.held_on, "title": said.title[:200], "venue": said.venue[:200]}
    shown = {**facts, "bill": [one.name[:200] for one in said.bill[:5]], "city": said.city[:200]}
    encoded = msgspec.json.encode(shown).decode()
    item = ItemRow(position, said.line, "wrong", problem[:_MOST_SAID], encoded, None)
    return Judged(item, None, None)


def _words(fault: str) -> str:
    """A sentence of what a field lacks: `Object missing … - at `$.bill[0].name``."""
    said, _, path = fault.partition(" - at `$.")
    where = path.rstrip("`").replace("[...]", "").split("[")[0].replace(".", " ").strip()
    return f"Its {where or 'row'} can't be right: {said[:1].lower()}{said[1:]}."
