"""What schemathesis does before each call; loaded by it as a module of its own process.

It takes its place in `SCHEMATHESIS_HOOKS`; `BACKLINE_FUZZ_URL` tells where the API is.
"""

import itertools
import os
from typing import Any

import httpx
import schemathesis

PASSWORD = "a long enough password"  # noqa: S105  # of users that live for one call
SESSION_ENDING = {("DELETE", "/api/v1/users/me")}
_numbers = itertools.count(1)


@schemathesis.hook
def before_call(_context: Any, case: Any, kwargs: dict[str, Any]) -> None:
    """Calls that end the caller's session or account are made by somebody made for them."""
    headers = kwargs.get("headers") or case.headers or {}
    if "Authorization" not in headers:
        return
    if (case.method.upper(), case.operation.path) in SESSION_ENDING:
        case.headers = {**(case.headers or {}), "Authorization": f"Bearer {_somebody()}"}


def _somebody() -> str:
    """The access token of a new user. They come from another address than the fuzzed calls."""
    number = next(_numbers)
    body = {"email": f"once{number}-{os.getpid()}@example.org", "password": PASSWORD}
    address = {"X-Forwarded-For": f"203.0.113.{number % 250 + 1}"}
    with httpx.Client(base_url=os.environ["BACKLINE_FUZZ_URL"], headers=address) as client:
        client.post("/auth/register", json={**body, "name": "Once"}).raise_for_status()
        answer = client.post("/auth/login", json={**body, "transport": "body"}).raise_for_status()
    return str(answer.json()["access_token"])
