"""No secret reaches the log, however much is logged."""

import re
from collections.abc import Callable

import httpx
import pytest

from backline.accounts import totp
from tests.support.installation import PASSWORD, Installation, wait_for
from tests.support.second_factor import code_now

SPELT_WRONG = "not quite my password"
NEXT_PASSWORD = "a password of the next year"  # noqa: S105  # of a user that lives for a test

pytestmark = pytest.mark.platform


def test_the_log_holds_no_secret(prepare: Callable[..., Installation]) -> None:
    installation = prepare(BACKLINE_LOG_LEVEL="debug")
    installation.start()
    installation.wait_until_ready()
    secrets: dict[str, str] = {"password": PASSWORD, "wrong": SPELT_WRONG, "next": NEXT_PASSWORD}

    with installation.add_user() as ada, installation.client() as nobody:
        email = ada.get("/users/me").json()["email"]
        secrets["access token"] = ada.headers["Authorization"].partition(" ")[2]
        secrets |= _second_factor(ada)
        login = {"email": email, "password": PASSWORD, "transport": "body"}
        nobody.post("/auth/login", json={**login, "password": SPELT_WRONG})
        nobody.post("/auth/login", json={**login, "code": "not-a-code"})
        code = code_now(secrets["totp secret"], steps=1)
        signed_in = nobody.post("/auth/login", json={**login, "code": code}).raise_for_status()
        secrets |= {"code": code, "refresh token": signed_in.json()["refresh_token"]}
        form = {"name": "Backup", "scopes": ["audio:read"]}
        secrets["API token"] = ada.post("/users/me/tokens", json=form).json()["token"]
        program = {"Authorization": f"Bearer {secrets['API token']}"}
        for path in ("/tracks", "/users/me", "/nowhere"):
            nobody.get(path, headers=program)
        change = {"current": PASSWORD, "new": NEXT_PASSWORD}
        ada.patch("/users/me", json={"password": change}).raise_for_status()
        nobody.post("/auth/refresh", json={"refresh_token": secrets["refresh token"]})
        ada.delete("/users/me").raise_for_status()

    # Lines are written in batches: the last one tells that all are there.
    wait_for(lambda: re.search(r"DELETE\W+.*/users/me\b", installation.log()), "the last line")
    log = installation.log()
    assert "/api/v1/users/me/totp/confirm" in log
    # Six digits may stand within a longer number, or behind the point of a time.
    told = {name: rf"(?<![\w.]){re.escape(secret)}(?!\w)" for name, secret in secrets.items()}
    assert [name for name, pattern in told.items() if re.search(pattern, log)] == []


def _second_factor(ada: httpx.Client) -> dict[str, str]:
    """Turn it on; all that must not be told."""
    offered = ada.post("/users/me/totp", json={"password": PASSWORD}).raise_for_status().json()
    code = code_now(offered["secret"])
    answer = ada.post("/users/me/totp/confirm", json={"code": code}).raise_for_status().json()
    codes = {f"recovery code {code}": code for code in answer["recovery_codes"]}
    assert len(codes) == totp.RECOVERY_CODES
    return {"totp secret": offered["secret"], "first code": code, **codes}
