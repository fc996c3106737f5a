"""What belongs to one person, asked for by another: every operation, as the description has them.

Nothing has to be added for a new endpoint, unless it takes an id of a new kind: then this fails
and says where to tell how one is made.
"""

import pytest
from litestar.handlers import HTTPRouteHandler

from tests.support.operations import HIDDEN_AND_KNOWN, operations, request_of
from tests.support.things import UNKNOWN, Person, ids_of
from tests.support.world import World, ask, told

# Whoever wants to add a line here should know why strangers need it.
PUBLIC = {
    "GET /api/v1/instance",
    "GET /api/v1/notifications/unsubscribe",
    "GET /api/v1/notifications/unsubscribe/letters",
    "OPTIONS /api/v1/uploads",
    "POST /api/v1/auth/forgot",
    "POST /api/v1/auth/login",
    "POST /api/v1/auth/logout",
    "POST /api/v1/auth/refresh",
    "POST /api/v1/auth/register",
    "POST /api/v1/auth/reset",
    "POST /api/v1/auth/setup",
    "POST /api/v1/auth/verify",
    "POST /api/v1/client-errors",
    "POST /api/v1/notifications/unsubscribe",
    # By the link of a share, which its owner has given away: tests/audio/test_shares_web.py
    "POST /api/v1/shared/look",
    "POST /api/v1/shared/tracks",
    "POST /api/v1/shared/tracks/{track_id}/stream",
    "POST /api/v1/shared/tracks/{track_id}/waveform",
}
ALL = operations()
WITH_IDS = [one for one in ALL if one.ids]

pytestmark = pytest.mark.every


async def test_what_belongs_to_another_is_not_there(world: World) -> None:
    for operation in WITH_IDS:
        if operation.is_admin:
            continue
        for stranger in (world.grace, world.root):
            theirs = await ids_of(operation, world.ada)
            own = await ids_of(operation, stranger)
            for name in theirs:
                ids = {**own, name: theirs[name]}
                before = await world.kept()

                answer = await ask(stranger, operation, ids)
                nobodys = await ask(stranger, operation, {**own, name: UNKNOWN})

                who = f"{stranger.email} with the {name} of {world.ada.email}: {operation.label}"
                assert answer.status_code in {403, 404}, (who, answer.status_code, answer.text)
                assert told(answer) == told(nobodys), f"{who} learns that there is one"
                assert await world.kept() == before, f"{who} changed something"


async def test_whoever_it_belongs_to_is_let_in(world: World) -> None:
    for number, operation in enumerate(WITH_IDS):
        if operation.is_public:
            continue  # a link lets in, whosever it is
        # Some end the account.
        owner = Person(world.api, f"owner{number}@example.org")
        await owner.sign_in()
        ids = await ids_of(operation, owner)

        answer = await ask(world.root if operation.is_admin else owner, operation, ids)

        hint = "if it only takes another body, add it to BODIES in tests/support/operations.py"
        assert answer.status_code < 400 or answer.status_code == 409, (
            f"{operation.label} refuses its owner: {answer.status_code} {answer.text}; {hint}"
        )


async def test_nobody_gets_in_without_a_token(world: World) -> None:
    for operation in ALL:
        if operation.label in PUBLIC:
            assert operation.is_public, f"{operation.label} asks who is there: not for PUBLIC"
            continue
        ids = await ids_of(operation, world.ada)
        before = await world.kept()
        async with world.api.client() as nobody:
            answer = await nobody.request(**request_of(operation, ids))

        assert answer.status_code == 401, f"{operation.label}: {answer.status_code} {answer.text}"
        assert await world.kept() == before, f"{operation.label} changed something"


async def test_only_administrators_administer(world: World) -> None:
    for operation in ALL:
        assert operation.is_admin == operation.path.startswith("/api/v1/admin/"), operation.label
        if not operation.is_admin:
            continue
        ids = await ids_of(operation, world.ada)
        for person in (world.grace, world.ada):
            before = await world.kept()

            answer = await ask(person, operation, ids)

            assert answer.status_code == 403, f"{operation.label}: {answer.status_code}"
            assert await world.kept() == before, f"{operation.label} changed something"


async def test_what_the_description_hides_is_swept_by_hand(world: World) -> None:
    described = {one.label for one in ALL}
    routes = {
        f"{method} {route.path_format.rstrip('/')}"
        for route in world.api.web.api.routes
        for handler in getattr(route, "route_handlers", ())
        if isinstance(handler, HTTPRouteHandler)
        for method in handler.http_methods
    }
    hidden = {one for one in routes - described if not one.startswith("OPTIONS ")}

    assert {one for one in hidden if "openapi" not in one} == HIDDEN_AND_KNOWN


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_another_method_by_a_header_is_no_way_in(world: World, method: str) -> None:
    upload = next(one for one in WITH_IDS if one.label == "GET /api/v1/uploads/{upload_id}")
    ids = await ids_of(upload, world.ada)
    headers = {
        "X-HTTP-Method-Override": method,
        "Tus-Resumable": "1.0.0",
        "Upload-Offset": "0",
        "Content-Type": "application/offset+octet-stream",
    }
    before = await world.kept()
    path = f"/api/v1/uploads/{ids['upload_id']}"

    strange = await world.grace.client.post(path, headers=headers, content=b"abc")
    async with world.api.client() as nobody:
        unknown = await nobody.post(path, headers=headers, content=b"abc")

    assert (strange.status_code, unknown.status_code) == (404, 401)
    assert await world.kept() == before
