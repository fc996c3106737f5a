"""What an operator chooses decides which services there are, and how they are asked."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

import msgspec
import pytest

from backline.concerts.demo.services import setlistfm as stand_ins
from backline.concerts.demo.services.server import StandIn, serving
from backline.concerts.options import OPTIONS, ConcertOptions
from backline.concerts.outside import forgetting, opened, sql
from backline.platform.database import Database
from tests.concerts.truth.outside import Outside


def chosen(**values: Any) -> ConcertOptions:
    usual = {option.field: option.default for option in OPTIONS.table}
    return msgspec.convert(usual | values, ConcertOptions)


@pytest.fixture
async def stand_in(land: Outside) -> AsyncIterator[StandIn]:
    async with serving(stand_ins.SetlistFm(land, key="k", per_second=1_000)) as running:
        yield running


async def test_nobody_is_asked_unless_chosen(database: Database) -> None:
    async with opened(chosen(), database, public_url=None) as outside:
        assert set(msgspec.structs.astuple(outside)) == {None}


async def test_all_that_are_chosen(database: Database) -> None:
    url = "http://127.0.0.1:9"
    options = chosen(
        setlistfm_key="k",
        overpass_url=url,
        nominatim_url=url,
        musicbrainz_url=url,
        google_client_id="id",
        google_client_secret=url,
    )
    async with opened(options, database, public_url=None) as outside:
        assert None not in msgspec.structs.astuple(outside)


async def test_services_learn_who_asks_and_venues_are_forgotten_by_hand(
    database: Database, stand_in: StandIn, land: Outside, ada: UUID
) -> None:
    name = next(iter(land.shows(None, None))).venue_name
    options = chosen(setlistfm_key="k", setlistfm_url=stand_in.url, setlistfm_burst=10)
    async with opened(options, database, public_url="https://music.example.org") as outside:
        assert outside.setlistfm is not None
        await outside.setlistfm.venues(ada, name)
        await outside.setlistfm.venues(ada, name)
        said = await forgetting.run(database, None, {})  # type: ignore[arg-type]  # it needs none
        await outside.setlistfm.venues(ada, name)

    assert said == "Searches forgotten: 1."
    assert len(stand_in.asked) == 2
    agents = {request.header("user-agent") for request in stand_in.asked}
    assert {agent.partition(" ")[2] for agent in agents} == {"(https://music.example.org)"}


async def test_what_is_long_over_is_dropped(database: Database, ada: UUID) -> None:
    async with database.write() as tx:
        for kind, days in (("old", 40), ("lately", 10), ("good", -1)):
            await sql.keep(tx, kind, "", b"{}", -86_400.0 * days)
        await sql.note_asking(tx, "it", ada)
        await tx.execute(
            "INSERT INTO outside_charges SELECT service, day - 31, owner_id, 3, asked_at "
            "FROM outside_charges"
        )
        await sql.prune(tx)
        kept = await tx.fetch_values("SELECT kind FROM outside_answers ORDER BY kind")
        days = await tx.fetch_values("SELECT charged FROM outside_charges")

    assert kept == ["good", "lately"]
    assert days == [0]
