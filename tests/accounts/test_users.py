"""One's own account, and the administrator's view of everybody's."""

import pytest

from backline.accounts.users import setup_token
from tests.support.api import PASSWORD, Api

pytestmark = pytest.mark.slow


async def make_admin(api: Api, email: str = "root@example.com") -> str:
    token = await setup_token(api.platform.database)
    form = {"token": token, "email": email, "password": PASSWORD, "name": "Root"}
    async with api.client() as client:
        made = await client.post("/api/v1/auth/setup", json=form)
    assert made.status_code == 201, made.text
    assert made.json()["role"] == "admin"
    return (await api.tokens(email))["access_token"]


async def test_the_one_time_link_works_once(api: Api) -> None:
    token = await setup_token(api.platform.database)
    form = {"token": token, "email": "a@example.com", "password": PASSWORD, "name": "A"}
    async with api.client() as client:
        first = await client.post("/api/v1/auth/setup", json=form)
        second = await client.post("/api/v1/auth/setup", json={**form, "email": "b@example.com"})

    assert first.status_code == 201
    assert second.status_code == 403
    assert await setup_token(api.platform.database) is None


async def test_a_later_link_replaces_the_earlier(api: Api) -> None:
    earlier = await setup_token(api.platform.database)
    await setup_token(api.platform.database)
    form = {"token": earlier, "email": "a@example.com", "password": PASSWORD, "name": "A"}
    async with api.client() as client:
        answer = await client.post("/api/v1/auth/setup", json=form)

    assert answer.status_code == 403


async def test_a_new_password_needs_the_present_one(api: Api) -> None:
    client = await api.user("ada@example.com")

    wrong = await client.patch(
        "/api/v1/users/me", json={"password": {"current": "not it", "new": "a new password"}}
    )
    right = await client.patch(
        "/api/v1/users/me", json={"password": {"current": PASSWORD, "new": "a new password"}}
    )

    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "password.current"
    assert right.status_code == 200
    assert await api.tokens("ada@example.com", "a new password")


async def test_a_new_password_ends_the_other_sessions_only(api: Api) -> None:
    client = await api.user("ada@example.com")
    other = await api.tokens("ada@example.com")

    await client.patch(
        "/api/v1/users/me", json={"password": {"current": PASSWORD, "new": "a new password"}}
    )
    async with api.client() as anyone:
        refresh = await anyone.post(
            "/api/v1/auth/refresh", json={"refresh_token": other["refresh_token"]}
        )

    assert refresh.status_code == 401
    assert (await client.get("/api/v1/users/me")).status_code == 200


async def test_a_deleted_account_frees_its_address(api: Api) -> None:
    client = await api.user("ada@example.com")

    deleted = await client.delete("/api/v1/users/me")
    await api.register("ada@example.com")

    assert deleted.status_code == 204
    assert await api.tokens("ada@example.com")


async def test_unknown_fields_are_named(api: Api) -> None:
    client = await api.user("ada@example.com")

    answer = await client.patch("/api/v1/users/me", json={"role": "admin"})

    assert answer.status_code == 422
    assert "role" in answer.text


async def test_a_nul_in_a_string_is_refused(api: Api) -> None:
    client = await api.user("ada@example.com")

    answer = await client.patch(
        "/api/v1/users/me",
        content=b'{"name": "a\\u0000b"}',
        headers={"content-type": "application/json"},
    )

    assert answer.status_code == 422


async def test_people_without_the_role_cannot_administer(api: Api) -> None:
    client = await api.user("ada@example.com")
    me = (await client.get("/api/v1/users/me")).json()

    answers = [
        await client.get("/api/v1/admin/users"),
        await client.patch(f"/api/v1/admin/users/{me['id']}", json={"role": "admin"}),
        await client.delete(f"/api/v1/admin/users/{me['id']}"),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]


async def test_an_administrator_pages_through_everybody(api: Api) -> None:
    admin = api.client(await make_admin(api))
    for number in range(4):
        await api.register(f"user{number}@example.com")

    seen: list[str] = []
    cursor = ""
    while True:
        page = (await admin.get(f"/api/v1/admin/users?limit=2{cursor}")).json()
        seen += [user["email"] for user in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == [f"user{n}@example.com" for n in (3, 2, 1, 0)] + ["root@example.com"]


async def test_a_closed_account_cannot_sign_in(api: Api) -> None:
    admin = api.client(await make_admin(api))
    client = await api.user("ada@example.com")
    me = (await client.get("/api/v1/users/me")).json()

    await admin.patch(f"/api/v1/admin/users/{me['id']}", json={"disabled": True})
    async with api.client() as anyone:
        login = await anyone.post(
            "/api/v1/auth/login", json={"email": "ada@example.com", "password": PASSWORD}
        )

    assert login.status_code == 403


async def test_the_last_administrator_stays(api: Api) -> None:
    admin = api.client(await make_admin(api))
    await api.register("ada@example.com")
    me = (await admin.get("/api/v1/users/me")).json()

    answers = [
        await admin.patch(f"/api/v1/admin/users/{me['id']}", json={"role": "user"}),
        await admin.patch(f"/api/v1/admin/users/{me['id']}", json={"disabled": True}),
        await admin.delete("/api/v1/users/me"),
    ]

    assert [answer.status_code for answer in answers] == [409, 409, 409]
