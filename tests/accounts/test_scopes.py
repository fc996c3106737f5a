"""Which scope an operation needs; `tests/e2e/test_sweep_tokens.py` holds all of them to it."""

from typing import Any

from litestar import get
from litestar.di import NamedDependency

from backline.main import program
from backline.platform.actor import Actor
from backline.platform.front.application import API_PATH, application
from backline.platform.front.description import describe
from backline.roles.api import api_description
from tests.support.provided import provide


def needed(description: dict[str, Any], label: str) -> str | None:
    """The scope that an operation names, or None where it is for sessions only."""
    method, _, path = label.partition(" ")
    security = description["paths"][API_PATH + path][method.lower()]["security"]
    assert {"bearer": []} in security
    return next((one["token"][0] for one in security if "token" in one), None)


def test_scopes_follow_from_where_a_route_stands() -> None:
    description = api_description(program())

    assert needed(description, "GET /tracks") == "audio:read"
    assert needed(description, "DELETE /tracks/{track_id}") == "audio:write"
    assert needed(description, "GET /users/me") == "accounts:read"
    assert needed(description, "GET /admin/users") == "admin:read"
    assert needed(description, "POST /jobs/{job_id}/cancel") == "platform:write"
    assert needed(description, "POST /users/me/tokens") is None
    assert needed(description, "DELETE /users/me") is None


def test_a_route_that_nobody_claimed_is_for_sessions_only() -> None:
    @get("/stray", sync_to_thread=False)
    def stray(actor: NamedDependency[Actor]) -> str:
        return actor.role

    app = application([stray], dependencies={"actor": provide(None)}, version="1")

    assert needed(describe(app), "GET /stray") is None
