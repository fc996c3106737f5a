"""HTTP for the gazetteer: venues and cities as somebody types; forgetting what was said."""

from typing import Annotated

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from backline.concerts.gazetteer import suggesting
from backline.concerts.gazetteer.models import CityHits, VenueHits
from backline.concerts.outside import forgetting
from backline.concerts.outside.forgetting import Forgotten
from backline.platform.actor import Actor
from backline.platform.database import Database

_TAGS = ["gazetteer"]
Typed = Annotated[
    str, QueryParameter(max_length=100, description="How a name begins, or a word in it")
]
Near = Annotated[str, QueryParameter(max_length=60, description="`latitude,longitude` in degrees")]


@get("/venues", tags=_TAGS, summary="Venues by how they begin")
async def suggest_venues(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    q: Typed = "",
    near: Near = "",
) -> VenueHits:
    """At most 20: those within 30 km of `near` first; with `near` alone, those around there."""
    async with database.read() as read:
        return await suggesting.suggest_venues(read, actor, q, near)


@get("/cities", tags=_TAGS, summary="Cities by how they begin")
async def suggest_cities(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    q: Typed = "",
    near: Near = "",
) -> CityHits:
    """At most 20 of GeoNames', the largest first, in any language; two letters are the least."""
    async with database.read() as read:
        return await suggesting.suggest_cities(read, actor, q, near)


@post(
    "/admin/venues/forget",
    status_code=200,
    tags=["administration"],
    summary="Forget what services said of venues",
)
async def forget_venues(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    address: NamedDependency[str],
) -> Forgotten:
    """They are asked anew. Venues that are kept stay."""
    async with database.write() as tx:
        return await forgetting.forget_venues(tx, actor, address)


ROUTES = [suggest_venues, suggest_cities, forget_venues]
