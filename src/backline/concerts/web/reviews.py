"""HTTP for reviews: sessions of photos for a person to say of which concert they are."""

from uuid import UUID

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from backline.concerts.history import reviews
from backline.concerts.history.models import (
    AcceptForm,
    ConcertForm,
    JoinForm,
    Review,
    ReviewPage,
)
from backline.concerts.web.concerts import most_of
from backline.platform.actor import Actor
from backline.platform.database import Database
from backline.platform.http import cursors
from backline.platform.http.paging import Cursor, Limit
from backline.platform.media.signing import MediaSigner
from backline.platform.settings import Settings

_TAGS = ["concert reviews"]
_NAME = "concert-reviews"


@get("/concerts/reviews", tags=_TAGS, summary="What to decide on")
async def list_reviews(
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    limit: Limit = 20,
    cursor: Cursor = None,
) -> ReviewPage:
    """Photos that were taken at one go, with the concerts that they may be of; the latest first."""
    after = cursors.decode(_NAME, cursor, reviews.Key) if cursor else None
    async with database.read() as read:
        rows = await reviews.page(read, actor, after, limit + 1)
        rows, following = cursors.cut(_NAME, rows, limit, lambda row: (row.began_at, row.id))
        return ReviewPage(await reviews.shown(read, actor, rows, signer), following)


@get("/concerts/reviews/{review_id:uuid}", tags=_TAGS, summary="One review")
async def get_review(
    review_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Review:
    """Also once it is decided."""
    async with database.read() as read:
        return await reviews.get(read, actor, review_id, signer)


@post(
    "/concerts/reviews/{review_id:uuid}/accept",
    status_code=200,
    tags=_TAGS,
    summary="Accept a candidate",
    idempotent=True,
)
async def accept_candidate(
    review_id: FromPath[UUID],
    data: JSONBody[AcceptForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    settings: NamedDependency[Settings],
) -> Review:
    """All photos of the session are of that concert, which is added if it isn't there."""
    async with database.write() as tx:
        return await reviews.accept(tx, actor, review_id, data, most_of(settings), signer)


@post(
    "/concerts/reviews/{review_id:uuid}/concert",
    status_code=200,
    tags=_TAGS,
    summary="Say which concert it was",
    idempotent=True,
)
async def make_reviewed_concert(
    review_id: FromPath[UUID],
    data: JSONBody[ConcertForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
    settings: NamedDependency[Settings],
) -> Review:
    """A concert by hand, of which all photos of the session are."""
    async with database.write() as tx:
        return await reviews.make(tx, actor, review_id, data, most_of(settings), signer)


@post(
    "/concerts/reviews/{review_id:uuid}/join",
    status_code=200,
    tags=_TAGS,
    summary="Say that it was a concert of the history",
    idempotent=True,
)
async def join_concert(
    review_id: FromPath[UUID],
    data: JSONBody[JoinForm],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Review:
    """All photos of the session are of that concert."""
    async with database.write() as tx:
        return await reviews.join(tx, actor, review_id, data, signer)


@post(
    "/concerts/reviews/{review_id:uuid}/dismiss",
    status_code=200,
    tags=_TAGS,
    summary="Say that it was no concert",
    idempotent=True,
)
async def dismiss_review(
    review_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Review:
    """Matching doesn't ask about these photos again."""
    async with database.write() as tx:
        return await reviews.dismiss(tx, actor, review_id, signer)


@post(
    "/concerts/reviews/{review_id:uuid}/undo",
    status_code=200,
    tags=_TAGS,
    summary="Take a decision back",
    idempotent=True,
)
async def undo_decision(
    review_id: FromPath[UUID],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    signer: NamedDependency[MediaSigner],
) -> Review:
    """At any time. A concert that was made by it goes, unless more has come to it since."""
    async with database.write() as tx:
        return await reviews.undo(tx, actor, review_id, signer)


ROUTES = [
    list_reviews,
    get_review,
    accept_candidate,
    make_reviewed_concert,
    join_concert,
    dismiss_review,
    undo_decision,
]
